/** A list that the server gives page by page. */

import { computed, reactive, ref, shallowRef } from "vue";
import type { Page } from "@/api/client";
import { asProblem, type Problem } from "@/api/problem";

export interface PagedList<Item> {
  readonly items: Item[];
  readonly problem: Problem | null;
  readonly isLoading: boolean;
  readonly isEmpty: boolean;
  readonly hasMore: boolean;
  /** Begins anew; what is shown stays until the answer is there. */
  reload: () => Promise<void>;
  /** Adds the next page, if there is one and none is on its way. */
  more: () => Promise<void>;
  /** Forgets everything; what is on its way is not waited for. */
  clear: () => void;
}

export function useList<Item extends { id: number }>(
  read: (cursor: string | undefined) => Promise<Page<Item>>,
): PagedList<Item> {
  const items = shallowRef<Item[]>([]);
  const problem = shallowRef<Problem | null>(null);
  const isLoading = ref(false);
  const isRead = ref(false);
  const cursor = ref<string | null>(null);
  let latest = 0;

  async function fetchPage(from: string | undefined): Promise<void> {
    const mine = ++latest;
    isLoading.value = true;
    try {
      const page = await read(from);
      if (mine !== latest) return;
      items.value = from === undefined ? page.items : appended(items.value, page.items);
      cursor.value = page.next_cursor;
      problem.value = null;
      isRead.value = true;
    } catch (error) {
      if (mine === latest) problem.value = asProblem(error);
    } finally {
      if (mine === latest) isLoading.value = false;
    }
  }

  function clear(): void {
    latest++;
    items.value = [];
    problem.value = null;
    cursor.value = null;
    isRead.value = isLoading.value = false;
  }

  return reactive({
    items,
    problem,
    isLoading,
    isEmpty: computed(() => isRead.value && items.value.length === 0),
    hasMore: computed(() => cursor.value !== null),
    reload: () => fetchPage(undefined),
    more: async () => {
      if (cursor.value !== null && !isLoading.value) await fetchPage(cursor.value);
    },
    clear,
  }) as PagedList<Item>;
}

/** What changed places between two pages is shown once. */
function appended<Item extends { id: number }>(shown: Item[], next: Item[]): Item[] {
  const known = new Set(shown.map((item) => item.id));
  return [...shown, ...next.filter((item) => !known.has(item.id))];
}
