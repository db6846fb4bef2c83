import { describe, expect, it } from "vitest";
import { refusal, server } from "./fake-uni";

interface Thing {
  id: number;
}

const things = (...ids: number[]): Thing[] => ids.map((id) => ({ id }));

/** A list whose answers come when the test says so. */
async function start() {
  const { useList } = await import("@/composables/list");
  const { Problem } = await import("@/api/problem");
  const reads: {
    cursor: string | undefined;
    give: (items: Thing[], next?: string | null) => Promise<void>;
    refuse: () => Promise<void>;
  }[] = [];
  const list = useList<Thing>(
    (cursor) =>
      new Promise((resolve, reject) =>
        reads.push({
          cursor,
          async give(items, next = null) {
            resolve({ items, next_cursor: next });
            await tick();
          },
          async refuse() {
            reject(Problem.unreachable());
            await tick();
          },
        }),
      ),
  );
  return { list, reads };
}

const tick = () => new Promise((resolve) => setTimeout(resolve));
const ids = (list: { items: Thing[] }) => list.items.map(({ id }) => id);

describe("pages", () => {
  it("follow each other until there are no more", async () => {
    const { list, reads } = await start();
    void list.reload();
    expect(list.isLoading).toBe(true);
    await reads[0]?.give(things(1, 2), "c1");
    expect(list).toMatchObject({ hasMore: true, isLoading: false });
    void list.more();
    expect(reads[1]?.cursor).toBe("c1");
    await reads[1]?.give(things(3));
    expect(ids(list)).toEqual([1, 2, 3]);
    await list.more();
    expect(reads).toHaveLength(2);
  });

  it("show once what moved between two of them", async () => {
    const { list, reads } = await start();
    void list.reload();
    await reads[0]?.give(things(1, 2), "c1");
    void list.more();
    await reads[1]?.give(things(2, 3));
    expect(ids(list)).toEqual([1, 2, 3]);
  });

  it("are asked for once, however often the end is reached", async () => {
    const { list, reads } = await start();
    void list.reload();
    await reads[0]?.give(things(1), "c1");
    void list.more();
    void list.more();
    expect(reads).toHaveLength(2);
  });

  it("can be asked for again after one was lost", async () => {
    const { list, reads } = await start();
    void list.reload();
    await reads[0]?.give(things(1), "c1");
    void list.more();
    await reads[1]?.refuse();
    expect(ids(list)).toEqual([1]);
    expect(list.problem?.isOffline).toBe(true);
    void list.more();
    await reads[2]?.give(things(2));
    expect(ids(list)).toEqual([1, 2]);
    expect(list.problem).toBeNull();
  });
});

describe("an answer that comes late", () => {
  it("is dropped, since another was asked for meanwhile", async () => {
    const { list, reads } = await start();
    void list.reload();
    void list.reload();
    await reads[1]?.give(things(2));
    await reads[0]?.give(things(1), "old");
    expect(ids(list)).toEqual([2]);
    expect(list.hasMore).toBe(false);
  });

  it("does not undo a success by its refusal", async () => {
    const { list, reads } = await start();
    void list.reload();
    void list.reload();
    await reads[1]?.give(things(2));
    await reads[0]?.refuse();
    expect(list.problem).toBeNull();
  });

  it("does not bring back what was dropped", async () => {
    const { list, reads } = await start();
    void list.reload();
    list.clear();
    await reads[0]?.give(things(1), "c1");
    expect(list).toMatchObject({ items: [], hasMore: false, isLoading: false, isEmpty: false });
  });
});

it("is empty only once it is known to be", async () => {
  const { list, reads } = await start();
  expect(list.isEmpty).toBe(false);
  void list.reload();
  await reads[0]?.give([]);
  expect(list.isEmpty).toBe(true);
});

it("keeps what is shown while it is read anew, even in vain", async () => {
  const { list, reads } = await start();
  void list.reload();
  await reads[0]?.give(things(1));
  void list.reload();
  expect(ids(list)).toEqual([1]);
  await reads[1]?.refuse();
  expect(ids(list)).toEqual([1]);
  expect(list.problem).not.toBeNull();
});

describe("one thing", () => {
  it("is read, with why not", async () => {
    const { useLoad } = await import("@/composables/load");
    const { get } = await import("@/api/client");
    server.answer("GET /api/v1/me", refusal(404, "gone"), { status: 200, body: { phone: null } });
    const me = useLoad(() => get("/api/v1/me"));
    await me.load();
    expect(me).toMatchObject({ value: null, isLoading: false, problem: { isMissing: true } });
    await me.load();
    expect(me).toMatchObject({ value: { phone: null }, problem: null });
    me.clear();
    expect(me.value).toBeNull();
  });

  it("takes the latest answer only", async () => {
    const { useLoad } = await import("@/composables/load");
    const gives: ((value: number) => void)[] = [];
    const thing = useLoad(() => new Promise<number>((resolve) => gives.push(resolve)));
    void thing.load();
    void thing.load();
    gives[1]?.(2);
    gives[0]?.(1);
    await tick();
    expect(thing.value).toBe(2);
  });

  it("hides no mistake of our own", async () => {
    const { useLoad } = await import("@/composables/load");
    const thing = useLoad(() => Promise.reject(new TypeError("mistake")));
    await expect(thing.load()).rejects.toThrow("mistake");
  });
});
