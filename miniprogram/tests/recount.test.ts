import { beforeEach, describe, expect, it } from "vitest";
import { recount, type RecountOptions } from "@/domains/ledger/recount";
import { openCheckpoint, parseVerifierKey } from "@/domains/ledger/note";
import { ALog, commit } from "./a-log";

const AT = "2026-11-20T04:00:00Z";
const DAY = "2026-11-20";
const RULES = {
  title: "健康达人",
  ballots_per_day: 2,
  ballots_per_entry_per_day: 1,
  ballots_in_all: 3 as number | null,
};

let log: ALog;

beforeEach(() => {
  log = new ALog();
});

const of = (type: string, fields: object) => log.add({ type, campaign: 7, at: AT, ...fields });
const rules = (changes: object = {}) =>
  of("rules", { event: "announced", reason: null, persons: 1, rules: { ...RULES, ...changes } });
const entries = (...ids: number[]) =>
  of("entries", { entries: ids.map((id) => [id, id - 40, "digest"]) });
const ballot = (voter: string, entry: number, day = DAY) =>
  log.add({ type: "ballot", campaign: 7, day, voter, entry, nonce: "n" });
const hidden = (voter: string, entry: number, nonce: string) =>
  log.add({ type: "ballot", campaign: 7, day: DAY, voter, commitment: commit(7, entry, nonce) });
const decide = (type: string, ...ballots: number[]) =>
  of(type, { ballots, reason: "理由", persons: 1 });
const result = (standings: number[][], changes: object = {}) =>
  of("result", {
    part: 1,
    parts: 1,
    counted: standings.reduce((sum, [, votes]) => sum + (votes as number), 0),
    annulled: 0,
    persons: 2,
    standings,
    ...changes,
  });

function run(options: Partial<RecountOptions> = {}) {
  return recount({
    verifierKey: log.verifierKey,
    download: async (path) => log.file(path),
    ...options,
  });
}

async function counted() {
  const [campaign] = (await run())?.campaigns ?? [];
  if (!campaign) throw new Error("nothing was counted");
  return campaign;
}

const findings = async () => [...(await counted()).findings];

describe("a recount", () => {
  it("of an empty log finds nothing", async () => {
    expect((await run())?.campaigns).toEqual([]);
  });

  it("gives each entry what is neither set aside nor annulled", async () => {
    rules();
    entries(42, 41, 43);
    const first = ballot("a", 41);
    const second = ballot("b", 41);
    ballot("a", 42);
    const last = ballot("c", 43);
    decide("quarantine", first, second, last);
    decide("release", second);
    decide("annulment", last);
    const campaign = await counted();
    expect([...campaign.standings()]).toEqual([
      [41, 1],
      [42, 1],
      [43, 0],
    ]);
    expect(campaign).toMatchObject({
      title: "健康达人",
      ballots: 4,
      hidden: 0,
      states: { counted: 2, quarantined: 1, annulled: 1 },
    });
    expect(campaign.findings.size).toBe(0);
  });

  it("opens hidden ballots by their commitments, also those set aside meanwhile", async () => {
    rules();
    entries(41, 42);
    const one = hidden("a", 41, "n1");
    const other = hidden("b", 42, "n2");
    decide("quarantine", other);
    expect((await counted()).hidden).toBe(2);
    of("closing", { ballots: 2 });
    of("openings", {
      ballots: [
        [one, 41, "n1"],
        [other, 42, "n2"],
      ],
    });
    decide("release", other);
    const campaign = await counted();
    expect(campaign).toMatchObject({ hidden: 0, isClosed: true });
    expect([...campaign.standings().values()]).toEqual([1, 1]);
    expect(campaign.findings.size).toBe(0);
  });

  it("leaves out an entry that was withdrawn, and agrees with a result in parts", async () => {
    rules();
    entries(41, 42, 43);
    ballot("a", 41);
    ballot("b", 42);
    of("withdrawal", { entry: 42, reason: "退出", persons: 1 });
    of("closing", { ballots: 2 });
    result([[41, 1]], { part: 1, parts: 2 });
    result([[43, 0]], { part: 2, parts: 2, counted: 1 });
    expect(await findings()).toEqual([]);
    expect((await counted()).hasResult).toBe(true);
  });

  it("keeps campaigns apart", async () => {
    rules();
    entries(41);
    ballot("a", 41);
    log.add({ type: "event", campaign: 8, at: AT, event: "suspended", reason: "" });
    expect((await run())?.campaigns.map(({ id }) => id)).toEqual([8, 7]);
  });

  it("reads a log of several bundles, in its order, and tells how far it is", async () => {
    rules({ ballots_in_all: null, ballots_per_day: 600, ballots_per_entry_per_day: 600 });
    entries(41);
    for (let place = 0; place < 600; place++) ballot(`voter ${place}`.replace(" ", "-"), 41);
    const told: number[] = [];
    const slow = [3, 1, 2];
    const answer = await run({
      download: async (path) => {
        for (let wait = slow.pop() ?? 0; wait > 0; wait--) await Promise.resolve();
        return log.file(path);
      },
      onProgress: (read) => told.push(read),
    });
    expect(told).toEqual([256, 512, 602]);
    expect(answer?.campaigns[0]?.states.counted).toBe(600);
  });

  it("stops when it is told to", async () => {
    rules();
    expect(await run({ isStopped: () => true })).toBeNull();
  });

  it("hands on that a file could not be had", async () => {
    rules();
    const download = async (path: string) => {
      if (path !== "/checkpoint") throw new Error("offline");
      return log.file(path);
    };
    await expect(run({ download })).rejects.toThrow("offline");
  });
});

describe("what is not the signed log", () => {
  beforeEach(() => {
    rules();
    entries(41, 42);
    ballot("a", 41);
    ballot("b", 41);
  });

  const answering = (change: (records: string[]) => string[]) => ({
    download: async (path: string) => {
      if (path === "/checkpoint") return log.file(path);
      const other = new ALog();
      change([...log.records]).forEach((record) => other.add(record));
      return other.file(path);
    },
  });

  it.each([
    [
      "a changed vote",
      (all: string[]) => all.map((each) => each.replace('"entry":41', '"entry":42')),
    ],
    ["another order", (all: string[]) => all.reverse()],
    ["a record twice", (all: string[]) => [...all.slice(0, 3), all[2] as string]],
    ["a broken record", (all: string[]) => [...all.slice(0, 3), "{"]],
  ])("is noticed: %s", async (_, change) => {
    await expect(run(answering(change))).rejects.toThrow("other_root");
  });

  it("is noticed: a lost record", async () => {
    await expect(run(answering((all) => all.slice(0, 3)))).rejects.toThrow("malformed");
  });

  it("is noticed: another signature", async () => {
    const download = async (path: string) =>
      path === "/checkpoint"
        ? Buffer.from(log.checkpoint().replace("\n4\n", "\n3\n"))
        : log.file(path);
    await expect(run({ download })).rejects.toThrow("unsigned");
  });

  it("is noticed: signed, but no record", async () => {
    log.add("{}");
    await expect(run()).rejects.toThrow("malformed");
  });

  it("is noticed: a log that has changed or forgotten what it said earlier", async () => {
    const known = openCheckpoint(log.checkpoint(), parseVerifierKey(log.verifierKey));
    ballot("c", 42);
    expect(await run({ known })).not.toBeNull();
    const older = { ...known, root: new Uint8Array(32) };
    await expect(run({ known: older })).rejects.toThrow("forgotten");
    await expect(run({ known: { ...known, size: 6 } })).rejects.toThrow("forgotten");
  });
});

describe("records that may not be", () => {
  beforeEach(() => {
    rules();
    entries(41, 42, 43);
  });

  it("more ballots of a voter than the rules allow in a day", async () => {
    for (const entry of [41, 42, 43]) ballot("a", entry);
    expect(await findings()).toEqual([["overLimit", null]]);
  });

  it("more for one entry in a day", async () => {
    ballot("a", 41);
    ballot("a", 41);
    expect(await findings()).toEqual([["overLimit", null]]);
  });

  it("more for one entry, once it is known which", async () => {
    const [one, other] = [hidden("a", 41, "n1"), hidden("a", 41, "n2")];
    expect(await findings()).toEqual([]);
    of("openings", {
      ballots: [
        [one, 41, "n1"],
        [other, 41, "n2"],
      ],
    });
    expect(await findings()).toEqual([["overLimit", null]]);
  });

  it("more in the whole campaign", async () => {
    ["17", "18", "19", "20"].forEach((day) => ballot("a", 41, `2026-11-${day}`));
    expect(await findings()).toEqual([["overLimit", null]]);
  });

  it("a ballot for nobody's entry", async () => {
    ballot("a", 99);
    expect(await findings()).toEqual([["unknownEntry", null]]);
  });

  it("a ballot after the closing, and a closing with another number", async () => {
    ballot("a", 41);
    const closing = of("closing", { ballots: 2 });
    const late = ballot("b", 41);
    expect(await findings()).toEqual([
      ["wrongClosing", closing],
      ["afterClosing", late],
    ]);
  });

  it.each([
    ["another entry", 42, "n1"],
    ["another nonce", 41, "n2"],
  ])("an opening with %s", async (_, entry, nonce) => {
    const place = hidden("a", 41, "n1");
    const opening = of("openings", { ballots: [[place, entry, nonce]] });
    expect(await findings()).toEqual([["wrongOpening", opening]]);
  });

  it("a second opening, or one of an open ballot", async () => {
    const [place, open] = [hidden("a", 41, "n1"), ballot("b", 41)];
    of("openings", { ballots: [[place, 41, "n1"]] });
    const second = of("openings", {
      ballots: [
        [place, 41, "n1"],
        [open, 41, "n"],
      ],
    });
    expect(await findings()).toEqual([["wrongOpening", second]]);
  });

  it.each([
    ["a release of what counts", ["release"]],
    ["setting aside twice", ["quarantine", "quarantine"]],
    ["setting aside what was annulled", ["annulment", "quarantine"]],
    ["annulling twice", ["annulment", "annulment"]],
  ])("%s", async (_, decisions) => {
    const place = ballot("a", 41);
    const last = decisions.map((decision) => decide(decision, place)).pop();
    expect(await findings()).toEqual([["wrongDecision", last]]);
  });

  it("a decision on what is no ballot", async () => {
    const decision = decide("annulment", 0);
    expect(await findings()).toEqual([["wrongDecision", decision]]);
  });

  it.each([
    [
      "other votes",
      [
        [41, 2],
        [42, 0],
        [43, 0],
      ],
      {},
    ],
    [
      "another order",
      [
        [42, 0],
        [41, 1],
        [43, 0],
      ],
      {},
    ],
    [
      "an entry less",
      [
        [41, 1],
        [42, 0],
      ],
      {},
    ],
    [
      "another sum",
      [
        [41, 1],
        [42, 0],
        [43, 0],
      ],
      { counted: 9 },
    ],
    [
      "another number of annulments",
      [
        [41, 1],
        [42, 0],
        [43, 0],
      ],
      { annulled: 1 },
    ],
  ] as [string, number[][], object][])("a result with %s", async (_, standings, changes) => {
    ballot("a", 41);
    const told = result(standings, changes);
    expect(await findings()).toEqual([["wrongResult", told]]);
  });

  it("a result while ballots are set aside, and anything after one", async () => {
    const place = ballot("a", 41);
    decide("quarantine", place);
    const told = result([
      [41, 0],
      [42, 0],
      [43, 0],
    ]);
    const late = decide("release", place);
    expect(await findings()).toEqual([
      ["wrongResult", told],
      ["afterResult", late],
    ]);
  });
});
