import { onScopeDispose, shallowRef } from "vue";
import { Problem } from "@/api/problem";
import { credentials } from "@/api/transport";
import { lock, lockPage } from "./lock";
import { renewSession, session } from "./session";

/**
 * The server ends a session some minutes after its last request. Somebody who types a long text
 * sends none, so work on the page keeps the session alive; and who is away is warned before the
 * end. Tabs of one browser share a session, so they share what they know of it.
 */

const ACTIVITY_KEY = "sain.last-activity";
const ANSWER_KEY = "sain.last-answer";
const WARNING_MS = 2 * 60_000;
const TICK_MS = 1000;
const NOTE_EVERY_MS = 5000;
const SIGNS_OF_LIFE = ["pointerdown", "keydown", "wheel", "touchstart"] as const;

/** Seconds until the session ends, once it is time to warn; null before. */
export const secondsLeft = shallowRef<number | null>(null);

/** Watches for as long as the component that calls it is shown. */
export function useIdleWatch(): void {
  noteAnswer();
  note(ACTIVITY_KEY);
  credentials.noteAnswer = noteAnswer;
  const options = { passive: true, capture: true };
  for (const sign of SIGNS_OF_LIFE) addEventListener(sign, noteActivity, options);
  const timer = setInterval(tick, TICK_MS);
  onScopeDispose(() => {
    clearInterval(timer);
    secondsLeft.value = null;
    credentials.noteAnswer = () => {};
    for (const sign of SIGNS_OF_LIFE) removeEventListener(sign, noteActivity, options);
  });
}

/** Asks the server for more time; the warning goes. */
export async function stay(): Promise<void> {
  note(ACTIVITY_KEY);
  secondsLeft.value = null;
  await renewSession();
}

/** For how long nobody has touched the console, in any tab. */
export function untouchedMs(): number {
  return Date.now() - read(ACTIVITY_KEY);
}

let lastNoted = 0;

function noteActivity(): void {
  // The warning itself is answered by its button, not by moving towards it.
  if (secondsLeft.value !== null || Date.now() - lastNoted < NOTE_EVERY_MS) return;
  lastNoted = Date.now();
  note(ACTIVITY_KEY);
}

function noteAnswer(): void {
  note(ANSWER_KEY);
}

function tick(): void {
  const current = session.value;
  if (!current || lock.value) {
    secondsLeft.value = null;
    return;
  }
  const idleMs = current.idle_minutes * 60_000;
  const now = Date.now();
  const answered = read(ANSWER_KEY);
  const active = read(ACTIVITY_KEY);
  if (active > answered && now - answered > idleMs / 4) keepAlive();
  const ends = Math.min(answered + idleMs, Date.parse(current.expires_at));
  const left = ends - now;
  if (left <= 0) {
    secondsLeft.value = null;
    void lockPage("idle");
  } else {
    secondsLeft.value = left <= WARNING_MS ? Math.ceil(left / 1000) : null;
  }
}

let isAsking = false;

async function keepAlive(): Promise<void> {
  if (isAsking) return;
  isAsking = true;
  try {
    await renewSession();
  } catch (error) {
    // Out of reach for the moment; the next tick asks again.
    if (!(error instanceof Problem)) throw error;
  } finally {
    isAsking = false;
  }
}

const memory = new Map<string, number>();

function note(key: string): void {
  const now = Date.now();
  memory.set(key, now);
  try {
    localStorage.setItem(key, String(now));
  } catch {
    // Without storage each tab knows only about itself.
  }
}

function read(key: string): number {
  let shared = 0;
  try {
    shared = Number(localStorage.getItem(key) ?? 0);
  } catch {
    // As above.
  }
  return Math.max(shared, memory.get(key) ?? 0);
}
