import { shallowRef, watch } from "vue";
import { credentials } from "@/api/transport";
import { isReady, renewSession, session } from "./session";

/**
 * When the session ends while somebody works, the page stays as it is under a cover until the same
 * person has signed in again; requests that were refused wait here meanwhile.
 */

export type LockReason = "idle" | "ended" | "step";

interface Lock {
  reason: LockReason;
  username: string | null;
  staffId: number;
}

export const lock = shallowRef<Lock | null>(null);

const waiting: ((isBack: boolean) => void)[] = [];

/** Before somebody has come in there is no page to give back. */
let isInside = false;
watch(isReady, (isNow) => (isInside ||= isNow));

/** Covers the page; resolves with true once the same person is back, with false when they left. */
export function lockPage(reason: LockReason): Promise<boolean> {
  const staff = session.value?.staff;
  if (!staff || !isInside) return Promise.resolve(false);
  lock.value ??= { reason, username: staff.username, staffId: staff.id };
  return new Promise((resolve) => waiting.push(resolve));
}

export function endLock(isBack: boolean): void {
  lock.value = null;
  for (const resolve of waiting.splice(0)) resolve(isBack);
}

export function guardRequests(): void {
  credentials.signInAgain = () => lockPage("ended");
  credentials.takeMissingStep = async () => {
    await renewSession();
    return lockPage("step");
  };
  credentials.renewToken = async () => {
    const before = session.value?.staff.id;
    return (await renewSession()).staff.id === before;
  };
}
