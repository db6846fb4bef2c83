/** Suggestions while somebody types: asked for after a short pause, and only the latest shown. */

import { reactive, shallowRef } from "vue";
import { asProblem } from "@/api/problem";

export const PAUSE_MS = 250;

export interface Suggesting<Answer> {
  readonly items: readonly Answer[];
  /** What stands in the field now. */
  type: (words: string) => void;
  /** Drops what is shown and what is on its way. */
  clear: () => void;
}

/** Suggestions are a help only: where they cannot be had there are none. */
export function useSuggesting<Answer>(
  ask: (words: string) => Promise<readonly Answer[]>,
): Suggesting<Answer> {
  const items = shallowRef<readonly Answer[]>([]);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest = 0;

  async function fetchFor(words: string, mine: number): Promise<void> {
    const found = await ask(words).catch((error: unknown) => {
      asProblem(error);
      return [];
    });
    if (mine === latest) items.value = found;
  }

  function clear(): void {
    clearTimeout(timer);
    latest++;
    items.value = [];
  }

  function type(words: string): void {
    clearTimeout(timer);
    const mine = ++latest;
    const wanted = words.trim();
    if (!wanted) items.value = [];
    else timer = setTimeout(() => void fetchFor(wanted, mine), PAUSE_MS);
  }

  return reactive({ items, type, clear }) as Suggesting<Answer>;
}
