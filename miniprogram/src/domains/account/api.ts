/** Everything the pages ask of the server about a person's own account and data. */

import { download, get, post, remove, type Schema } from "@/api/client";

export type Profile = Schema<"ProfileView">;
export type Consent = Schema<"ConsentView">;
export type Policy = Schema<"PolicyView">;
export type ExportFormat = "xlsx" | "json";

export function getProfile(): Promise<Profile> {
  return get("/api/v1/me");
}

/** With the code that WeChat gave the button. */
export function bindPhone(code: string): Promise<Profile> {
  return post("/api/v1/me/phone", { body: { code } });
}

export function unbindPhone(): Promise<Profile> {
  return remove("/api/v1/me/phone");
}

/** The latest first. */
export function listConsents(): Promise<Consent[]> {
  return get("/api/v1/me/consents").then(({ items }) => items);
}

export function giveConsent(policyVersion: string): Promise<Profile> {
  return post("/api/v1/me/consents", { body: { policy_version: policyVersion } });
}

/** Ends every session of the person. */
export function withdrawConsent(): Promise<void> {
  return remove("/api/v1/me/consents");
}

/** This device's session too. */
export function signOutEverywhere(): Promise<void> {
  return post("/api/v1/auth/sign-out-everywhere");
}

/** Everything that is held about the person, as a file. */
export function exportData(format: ExportFormat): Promise<ArrayBuffer> {
  return download("/api/v1/me/export", { query: { format } });
}

export function erase(): Promise<void> {
  return remove("/api/v1/me");
}

export function getPolicy(): Promise<Policy> {
  return get("/api/v1/policies/privacy");
}
