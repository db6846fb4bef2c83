import { shallowRef } from "vue";
import { credentials } from "@/api/transport";
import { isReady, renewSession, session } from "./session";

/**
 * When the session ends while somebody works, the page stays as it is under a cover until the same
 * person has signed in again; requests that were refused wait here meanwhile.
 */

export type LockReason = "idle" | "ended";

interface Lock {
  reason: LockReason;
  username: string | null;
  staffId: number;
}

export const lock = shallowRef<Lock | null>(null);

const waiting: ((isBack: boolean) => void)[] = [];

/** Covers the page; resolves with true once the same person is back, with false when they left. */
export function lockPage(reason: LockReason): Promise<boolean> {
  const staff = session.value?.staff;
  if (!staff || (!isReady.value && !lock.value)) return Promise.resolve(false);
  lock.value ??= { reason, username: staff.username, staffId: staff.id };
  return new Promise((resolve) => waiting.push(resolve));
}

export function endLock(isBack: boolean): void {
  lock.value = null;
  for (const resolve of waiting.splice(0)) resolve(isBack);
}

export function guardRequests(): void {
  credentials.signInAgain = () => lockPage("ended");
  credentials.renewToken = async () => {
    const before = session.value?.staff.id;
    return (await renewSession()).staff.id === before;
  };
}
