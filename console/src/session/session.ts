import { computed, shallowRef } from "vue";
import { api, take, type Schema } from "@/api/client";
import { asProblem } from "@/api/problem";
import { credentials } from "@/api/transport";
import type { Permission } from "@/texts/permissions";

/** Who is signed in, and how far: all of it is told by the server. */

export type Session = Schema<"SessionView">;
export type Step = Session["step"];

export const session = shallowRef<Session | null>(null);

export const isReady = computed(() => session.value?.step === "ready");

export function may(permission: Permission | undefined): boolean {
  if (!permission) return true;
  return session.value?.permissions.includes(permission) ?? false;
}

export function accept(answer: Session): Session {
  // Another tab of this browser has signed in as somebody else: nothing here is theirs.
  if (session.value && session.value.staff.id !== answer.staff.id) location.assign("/console/");
  credentials.csrfToken = answer.csrf_token;
  session.value = answer;
  return answer;
}

export function forget(): void {
  credentials.csrfToken = "";
  session.value = null;
}

/** Reads the session anew, which counts as being there. */
export async function renewSession(): Promise<Session> {
  return accept(await take(api.GET("/api/v1/staff/session")));
}

let restoring: Promise<void> | undefined;

/** Asks once, when the console is opened, whether somebody is still signed in. */
export function restoreSession(): Promise<void> {
  restoring ??= readSession();
  return restoring;
}

async function readSession(): Promise<void> {
  try {
    await renewSession();
  } catch (error) {
    restoring = undefined;
    if (!asProblem(error).isSignedOut) throw error;
  }
}

export async function signIn(username: string, password: string): Promise<Session> {
  const body = { username, password };
  return accept(await take(api.POST("/api/v1/staff/auth/sign-in", { body })));
}

export async function confirmCode(code: string): Promise<Session> {
  return accept(await take(api.POST("/api/v1/staff/auth/totp", { body: { code } })));
}

export async function changePassword(current: string, wanted: string): Promise<Session> {
  const body = { current_password: current, new_password: wanted };
  return accept(await take(api.POST("/api/v1/staff/auth/password", { body })));
}

export async function signOut(): Promise<void> {
  await api.POST("/api/v1/staff/auth/sign-out");
  forget();
}
