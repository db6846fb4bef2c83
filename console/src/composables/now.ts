import { onScopeDispose, ref, type Ref } from "vue";

const TICK_MS = 15_000;

/** The present moment in milliseconds, for countdowns; renewed a few times a minute by default. */
export function useNow(tickMs = TICK_MS): Readonly<Ref<number>> {
  const now = ref(Date.now());
  const timer = setInterval(() => (now.value = Date.now()), tickMs);
  onScopeDispose(() => clearInterval(timer));
  return now;
}
