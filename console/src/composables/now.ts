import { onScopeDispose, ref, type Ref } from "vue";

const TICK_MS = 15_000;

/** The present moment in milliseconds, renewed a few times a minute: for countdowns. */
export function useNow(): Readonly<Ref<number>> {
  const now = ref(Date.now());
  const timer = setInterval(() => (now.value = Date.now()), TICK_MS);
  onScopeDispose(() => clearInterval(timer));
  return now;
}
