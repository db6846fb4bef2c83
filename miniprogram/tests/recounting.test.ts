import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ALog } from "./a-log";
import { refusal, server, stored } from "./fake-uni";

const LEDGER = "GET /api/v1/ledger";
const CHECKPOINT = "GET /ledger/checkpoint";
const CAMPAIGN = "GET /api/v1/campaigns/7";
const STANDINGS = "GET /api/v1/campaigns/7/standings";
const AT = "2026-11-20T04:00:00Z";

let log: ALog;

beforeEach(() => {
  vi.useFakeTimers();
  log = new ALog();
  of("rules", {
    event: "announced",
    rules: {
      title: "健康达人",
      ballots_per_day: 3,
      ballots_per_entry_per_day: 1,
      ballots_in_all: null,
    },
  });
  of("entries", {
    entries: [
      [41, 1, "x"],
      [42, 2, "y"],
    ],
  });
  for (const voter of ["a", "b", "c"]) vote(voter, 41);
});
afterEach(() => void vi.useRealTimers());

const of = (type: string, fields: object) => log.add({ type, campaign: 7, at: AT, ...fields });
const vote = (voter: string, entry: number) =>
  log.add({ type: "ballot", campaign: 7, day: "2026-11-20", voter, entry, nonce: "n" });

function publish(status: string, votes: [number, number][], total: number | null = 3): void {
  const view = { verifier_key: log.verifierKey, origin: log.origin };
  server.answer(LEDGER, { status: 200, body: view });
  server.answer(CAMPAIGN, { status: 200, body: { id: 7, title: "健康达人", status } });
  const items = votes.map(([entry, count]) => ({ entry_id: entry, rank: 1, votes: count }));
  server.answer(STANDINGS, { status: 200, body: { items, total_votes: total } });
  server.answer(CHECKPOINT, () => ({ status: 200, body: bytes("/checkpoint") }));
  const bundle = `/tile/entries/000.p/${log.records.length}`;
  server.answer(`GET /ledger${bundle}`, () => ({ status: 200, body: bytes(bundle) }));
}

function bytes(path: string): ArrayBuffer {
  const file = log.file(path);
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.length) as ArrayBuffer;
}

async function start() {
  const { useRecounting } = await import("@/pages-vote/verify/recounting");
  const recounting = useRecounting();
  const done = recounting.start();
  await vi.runAllTimersAsync();
  await done;
  return recounting;
}

describe("a recount in the page", () => {
  it("agrees with what was published", async () => {
    of("closing", { ballots: 3 });
    publish("closed", [
      [41, 3],
      [42, 0],
    ]);
    const recounting = await start();
    expect(recounting).toMatchObject({ stage: "done", size: 6, read: 6, hasGrown: false });
    expect(recounting.comparisons).toMatchObject([{ verdict: "agrees", votes: 3 }]);
  });

  it("names each entry that differs", async () => {
    of("closing", { ballots: 3 });
    publish("closed", [
      [41, 2],
      [42, 1],
    ]);
    const { comparisons } = await start();
    expect(comparisons).toMatchObject([
      {
        verdict: "differs",
        differences: [
          { number: 1, ledger: 3, published: 2 },
          { number: 2, ledger: 0, published: 1 },
        ],
      },
    ]);
  });

  it("says of a running campaign how many votes there are", async () => {
    publish("open", []);
    expect((await start()).comparisons).toMatchObject([{ verdict: "running", votes: 3 }]);
    expect(server.askedFor(STANDINGS)).toEqual([]);
  });

  it("waits for the closing's records", async () => {
    publish("closed", []);
    expect((await start()).comparisons).toMatchObject([{ verdict: "opening" }]);
  });

  it("counts what is no longer shown", async () => {
    publish("closed", []);
    server.answer(CAMPAIGN, refusal(404, "campaign_not_found"));
    expect((await start()).comparisons).toMatchObject([{ verdict: "alone", title: "健康达人" }]);
  });

  it("remembers what it found, and that the log grows from it", async () => {
    publish("open", []);
    await start();
    expect(stored("ledger-checkpoint")).toMatchObject({ origin: log.origin, size: 5 });
    vote("d", 42);
    publish("open", []);
    expect(await start()).toMatchObject({ stage: "done", hasGrown: true });
    log.records[3] = (log.records[3] as string).replace('"entry":41', '"entry":42');
    expect(await start()).toMatchObject({ stage: "failed", fault: "forgotten" });
    expect(stored("ledger-checkpoint")).toMatchObject({ size: 6 });
  });

  it("says that the log is not the signed one", async () => {
    publish("open", []);
    const signed = bytes("/checkpoint");
    server.answer(CHECKPOINT, { status: 200, body: signed });
    log.records[3] = (log.records[3] as string).replace('"entry":41', '"entry":42');
    expect(await start()).toMatchObject({ stage: "failed", fault: "other_root", problem: null });
    expect(stored("ledger-checkpoint")).toBeUndefined();
  });

  it("says that the network is gone, and begins anew", async () => {
    publish("open", []);
    server.answer(CHECKPOINT, "unreachable");
    const recounting = await start();
    expect(recounting).toMatchObject({ stage: "failed", fault: null });
    expect(recounting.problem?.isOffline).toBe(true);
    publish("open", []);
    const again = recounting.start();
    await vi.runAllTimersAsync();
    await again;
    expect(recounting).toMatchObject({ stage: "done", problem: null });
  });

  it("has patience when the server asks for it", async () => {
    publish("open", []);
    const body = bytes("/checkpoint");
    const busy = { ...refusal(429, "too_many_requests"), headers: { "Retry-After": "7" } };
    server.answer(CHECKPOINT, busy, { status: 200, body });
    expect((await start()).stage).toBe("done");
    expect(server.askedFor(CHECKPOINT)).toHaveLength(2);
  });

  it("stops when it is told to", async () => {
    publish("open", []);
    const { useRecounting } = await import("@/pages-vote/verify/recounting");
    const recounting = useRecounting();
    const done = recounting.start();
    recounting.stop();
    await vi.runAllTimersAsync();
    await done;
    expect(recounting).toMatchObject({ stage: "stopped", comparisons: [] });
  });
});
