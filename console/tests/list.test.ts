import { effectScope, nextTick, shallowRef } from "vue";
import { expect, it, vi } from "vitest";
import type { Page } from "@/api/client";
import { Problem } from "@/api/problem";
import { ariaSort, nextSort } from "@/components/table";
import { useList, type ListQuery } from "@/composables/list";

type Row = { id: number };

function page(ids: number[], next: string | null = null): Page<Row> {
  return { items: ids.map((id) => ({ id })), next_cursor: next };
}

async function settle(): Promise<void> {
  await nextTick();
  await new Promise((resolve) => setTimeout(resolve));
}

function listOf(load: (query: ListQuery) => Promise<Page<Row>>, initial: ListQuery = {}) {
  const query = shallowRef<ListQuery>(initial);
  const scope = effectScope();
  const list = scope.run(() => useList(query, load));
  if (!list) throw new Error("no list");
  return { query, list, ids: () => list.rows.value.map((row) => row.id) };
}

it("reads further pages with the cursor of the one before", async () => {
  const load = vi.fn(async ({ cursor }: ListQuery) => (cursor ? page([3]) : page([1, 2], "c")));
  const { list, ids } = listOf(load, { q: "医" });
  await settle();
  expect(list.hasMore.value).toBe(true);
  await list.loadMore();
  expect(ids()).toEqual([1, 2, 3]);
  expect(list.hasMore.value).toBe(false);
  expect(load.mock.calls.map(([query]) => query)).toEqual([
    { q: "医", cursor: undefined },
    { q: "医", cursor: "c" },
  ]);
});

it("forgets the answer to an older question", async () => {
  const answers: ((answer: Page<Row>) => void)[] = [];
  const { query, ids } = listOf(() => new Promise((resolve) => answers.push(resolve)));
  query.value = { q: "b" };
  await nextTick();
  answers[1]?.(page([2]));
  answers[0]?.(page([1]));
  await settle();
  expect(ids()).toEqual([2]);
});

it("keeps the rows when more of them cannot be read", async () => {
  const load = vi.fn(async () => page([1], "c"));
  const { list, ids } = listOf(load);
  await settle();
  load.mockRejectedValueOnce(Problem.unreachable());
  await list.loadMore();
  expect(ids()).toEqual([1]);
  expect(list.problem.value?.isOffline).toBe(true);
});

it("sorts up, down and not at all", () => {
  expect(nextSort("", "name")).toBe("name");
  expect(nextSort("name", "name")).toBe("-name");
  expect(nextSort("-name", "name")).toBe("");
  expect(ariaSort("-name", "name")).toBe("descending");
  expect(ariaSort("", "name")).toBe("none");
});
