import { computed, onScopeDispose, shallowRef, watch, type Ref } from "vue";
import type { Page } from "@/api/client";
import { asProblem, type Problem } from "@/api/problem";

/**
 * What stands in the address. Its names are the server's; its values are whatever somebody typed
 * there, so no type can be promised, and the server judges them.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type ListQuery = Record<string, any>;

interface List<Row> {
  rows: Readonly<Ref<Row[]>>;
  isLoading: Readonly<Ref<boolean>>;
  problem: Readonly<Ref<Problem | null>>;
  hasMore: Readonly<Ref<boolean>>;
  loadMore: () => Promise<void>;
  /** Reads the list anew from its beginning, e.g. after something was changed. */
  refresh: () => Promise<void>;
}

/** The rows for a query, page after page; a newer query makes an older answer void. */
export function useList<Row>(
  query: Readonly<Ref<ListQuery>>,
  load: (query: ListQuery) => Promise<Page<Row>>,
): List<Row> {
  const rows = shallowRef<Row[]>([]);
  const cursor = shallowRef<string | null>(null);
  const isLoading = shallowRef(false);
  const problem = shallowRef<Problem | null>(null);
  let asked = 0;

  async function ask(isFirst: boolean): Promise<void> {
    const number = ++asked;
    isLoading.value = true;
    problem.value = null;
    try {
      const from = isFirst ? undefined : (cursor.value ?? undefined);
      const page = await load({ ...query.value, cursor: from });
      if (number !== asked) return;
      rows.value = isFirst ? page.items : [...rows.value, ...page.items];
      cursor.value = page.next_cursor;
    } catch (error) {
      if (number !== asked) return;
      problem.value = asProblem(error);
      if (isFirst) rows.value = [];
    } finally {
      if (number === asked) isLoading.value = false;
    }
  }

  watch(
    () => JSON.stringify(query.value),
    () => {
      rows.value = [];
      cursor.value = null;
      void ask(true);
    },
    { immediate: true },
  );
  onScopeDispose(() => asked++);

  return {
    rows,
    isLoading,
    problem,
    hasMore: computed(() => cursor.value !== null),
    loadMore: () => ask(false),
    refresh: () => ask(true),
  };
}
