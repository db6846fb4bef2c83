import { onScopeDispose, shallowRef, type Ref } from "vue";
import { asProblem, type Problem } from "@/api/problem";

/** Something that is read for a page, and read again on demand. */
export interface Loaded<Value> {
  value: Readonly<Ref<Value | null>>;
  problem: Readonly<Ref<Problem | null>>;
  refresh: () => Promise<void>;
  /** What a request has answered, to spare reading it again. */
  set: (value: Value) => void;
}

/** Reads at once; an answer that was overtaken by a newer question is dropped. */
export function useLoaded<Value>(read: () => Promise<Value>): Loaded<Value> {
  const value = shallowRef<Value | null>(null);
  const problem = shallowRef<Problem | null>(null);
  let asked = 0;

  async function refresh(): Promise<void> {
    const number = ++asked;
    try {
      const answer = await read();
      if (number !== asked) return;
      value.value = answer;
      problem.value = null;
    } catch (error) {
      if (number === asked) problem.value = asProblem(error);
    }
  }

  void refresh();
  onScopeDispose(() => asked++);

  return {
    value,
    problem,
    refresh,
    set(wanted) {
      asked++;
      value.value = wanted;
    },
  };
}
