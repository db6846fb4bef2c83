/** Who is signed in on this device. Tokens are kept; a refresh token works once. */

import { computed } from "vue";
import { get, post, type Schema } from "@/api/client";
import { Problem } from "@/api/problem";
import { credentials } from "@/api/transport";
import { platform, type SignInCode } from "@/platform";
import { askForConsent } from "./consent";
import { kept } from "./storage";

interface Tokens {
  access: string;
  refresh: string;
}

const tokens = kept<Tokens | null>("session", null);
const leavers = new Set<() => void>();

export const isSignedIn = computed(() => tokens.value !== null);

credentials.accessToken = () => tokens.value?.access ?? null;
credentials.renew = renewOnce;

/**
 * Makes sure that somebody is signed in, asking for consent first; false when the person declines,
 * and when a browser leaves for WeChat's page (it comes back through `finishSignIn`).
 *
 * Raises Problem.
 */
export async function ensureSignedIn(): Promise<boolean> {
  // Whoever just came back is signed in a moment later.
  await arrival?.catch(() => false);
  if (tokens.value) return true;
  const policyVersion = await askForConsent();
  if (policyVersion === null) return false;
  const code = await platform.requestSignInCode(policyVersion, findSignInPage);
  if (code === null) return false;
  await exchange(code, policyVersion);
  return true;
}

// Before the first page is drawn, since the address changes to that of the page that was left.
const returned = platform.takeReturnedCode();
let arrival: Promise<boolean> | null = null;

/** Signs in with what a browser brought back from WeChat's page, if it did; raises Problem. */
export function finishSignIn(): Promise<boolean> {
  arrival ??= arrive();
  return arrival;
}

async function arrive(): Promise<boolean> {
  if (!returned) return false;
  await exchange(returned.code, returned.policyVersion);
  return true;
}

export async function signOut(): Promise<void> {
  try {
    await post("/api/v1/auth/sign-out");
  } catch (error) {
    // A session that has ended anyway, or one the server will end by itself: it is gone here.
    if (!(error instanceof Problem)) throw error;
  }
  forgetSession();
}

/** Drops what this device knows of the person. */
export function forgetSession(): void {
  tokens.value = null;
  leavers.forEach((leave) => leave());
}

/** Calls `leave` when a session ends on this device, to drop what was read for it. */
export function onSignedOut(leave: () => void): void {
  leavers.add(leave);
}

async function findSignInPage(state: string): Promise<string> {
  const query = { state };
  return (await get("/api/v1/auth/wechat-official/address", { query })).url;
}

async function exchange({ kind, code }: SignInCode, policyVersion: string): Promise<void> {
  const path = kind === "mini-program" ? "/api/v1/auth/wechat" : "/api/v1/auth/wechat-official";
  keep(await post(path, { body: { code, policy_version: policyVersion }, isAnonymous: true }));
}

function keep(answer: Schema<"TokensView">): void {
  tokens.value = { access: answer.access_token, refresh: answer.refresh_token };
}

let renewal: Promise<boolean> | null = null;

/** All requests that find the access token expired wait for the same renewal. */
function renewOnce(): Promise<boolean> {
  renewal ??= renew().finally(() => (renewal = null));
  return renewal;
}

async function renew(): Promise<boolean> {
  const current = tokens.value;
  if (!current) return false;
  const body = { refresh_token: current.refresh };
  try {
    keep(await post("/api/v1/auth/refresh", { body, isAnonymous: true }));
    return true;
  } catch (error) {
    if (!(error instanceof Problem) || !error.isSignedOut) throw error;
    forgetSession();
    return false;
  }
}
