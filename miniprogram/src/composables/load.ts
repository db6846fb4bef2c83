/** One thing read from the server, with what a page needs to show while it is not there. */

import { reactive, ref, shallowRef } from "vue";
import { asProblem, type Problem } from "@/api/problem";

export interface Loaded<Value> {
  readonly value: Value | null;
  readonly problem: Problem | null;
  readonly isLoading: boolean;
  /** Reads again; what is shown stays until the answer is there. */
  load: () => Promise<void>;
  /** Forgets everything; what is on its way is not waited for. */
  clear: () => void;
}

export function useLoad<Value>(read: () => Promise<Value>): Loaded<Value> {
  const value = shallowRef<Value | null>(null);
  const problem = shallowRef<Problem | null>(null);
  const isLoading = ref(false);
  let latest = 0;

  async function load(): Promise<void> {
    const mine = ++latest;
    isLoading.value = true;
    try {
      const answer = await read();
      if (mine !== latest) return;
      value.value = answer;
      problem.value = null;
    } catch (error) {
      if (mine === latest) problem.value = asProblem(error);
    } finally {
      if (mine === latest) isLoading.value = false;
    }
  }

  function clear(): void {
    latest++;
    value.value = null;
    problem.value = null;
    isLoading.value = false;
  }

  return reactive({ value, problem, isLoading, load, clear }) as Loaded<Value>;
}
