import { flushPromises } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PublicReceipt } from "@/domains/ledger/api";
import { readCode } from "@/domains/ledger/paths";
import { checkStep, sealedState } from "@/domains/ledger/receipt-check";
import { ALog, commit } from "./a-log";
import { refusal, server } from "./fake-uni";

const CODE = "0000-02M3-7Q5K-Z8RN-4TXW";
const RECEIPT = `GET /api/v1/receipts/${CODE}`;
const DAY = "2026-11-20";
const AT = "2026-11-20T04:00:00Z";

type Step = PublicReceipt["steps"][number];

/** A receipt as the server gives it, of a ballot and what was decided about it. */
function receiptOf(log: ALog, steps: [Step["kind"], number, (string | null)?][]): PublicReceipt {
  const kinds = steps.map(([kind]) => kind);
  const states = { quarantine: "quarantined", annulment: "annulled", release: "counted" } as const;
  const last = kinds[kinds.length - 1] as keyof typeof states | undefined;
  return {
    code: CODE,
    campaign: {
      id: 7,
      title: "健康达人",
      title_mn: null,
      contest_code: "health_expert",
      status: "open",
      result_published_at: null,
    },
    entry: { id: 42, number: 2, name: "巴图", name_mn: null },
    day: DAY,
    nonce: "n1",
    state: last ? (states[last] ?? "counted") : "unsealed",
    reason: null,
    steps: steps.map(([kind, index, reason = null]) => ({
      kind,
      index,
      reason,
      at: kind === "ballot" ? null : AT,
      record: log.records[index] as string,
      proof: log.proof(index),
    })),
    checkpoint: steps.length
      ? { size: log.records.length, root: "", sealed_at: AT, note: log.checkpoint() }
      : null,
    verifier_key: log.verifierKey,
  };
}

function aLog() {
  const log = new ALog();
  log.add({ type: "event", campaign: 7, at: AT, event: "resumed", reason: "" });
  const open = { type: "ballot", campaign: 7, day: DAY, voter: "v", entry: 42, nonce: "n1" };
  const ballot = log.add(open);
  const hidden = log.add({
    type: "ballot",
    campaign: 7,
    day: DAY,
    voter: "v",
    commitment: commit(7, 42, "n1"),
  });
  const decide = (type: string, ballots: number[]) =>
    log.add({ type, campaign: 7, at: AT, ballots, reason: "短时间集中投票", persons: 1 });
  return { log, open, ballot, hidden, decide };
}

const check = (receipt: PublicReceipt) => receipt.steps.forEach((step) => checkStep(receipt, step));

describe("a receipt's code", () => {
  it.each([
    CODE,
    CODE.toLowerCase(),
    CODE.replace(/-/g, ""),
    ` ${CODE.replace(/-/g, " ")} `,
    "oooo-o2m3-7q5k-z8rn-4txw",
    `https://sain.example.cn/#/pages-vote/receipt/index?code=${CODE}`,
    `/pages-vote/receipt/index?code=${encodeURIComponent(CODE)}&x=1`,
  ])("is read from %s", (text) => {
    expect(readCode(text)).toBe(CODE);
  });

  it("takes I and L for 1", () => {
    expect(readCode("IL00-0000-0000-0000-0000")).toBe("1100-0000-0000-0000-0000");
  });

  it.each(["", "0000", `${CODE}0`, "U000-0000-0000-0000-0000", "https://x.cn/?code=1", "%E0%A4"])(
    "is not read from %j",
    (text) => {
      expect(readCode(text)).toBeNull();
    },
  );
});

describe("a receipt's steps", () => {
  it("are right when the log has them and they say the same", () => {
    const { log, ballot, decide } = aLog();
    const quarantine = decide("quarantine", [ballot]);
    const release = decide("release", [0, ballot]);
    const receipt = receiptOf(log, [
      ["ballot", ballot],
      ["quarantine", quarantine, "短时间集中投票"],
      ["release", release, "短时间集中投票"],
    ]);
    expect(() => check(receipt)).not.toThrow();
  });

  it("are right of a hidden ballot, before and after it was opened", () => {
    const { log, hidden } = aLog();
    const opened = [[hidden, 42, "n1"]];
    const openings = log.add({ type: "openings", campaign: 7, at: AT, ballots: opened });
    const receipt = receiptOf(log, [
      ["ballot", hidden],
      ["openings", openings],
    ]);
    expect(() => check(receipt)).not.toThrow();
    expect(() => check({ ...receipt, nonce: "n2" })).toThrow("other_record");
    expect(() => check({ ...receipt, entry: { ...receipt.entry, id: 43 } })).toThrow();
  });

  it.each([
    ["another entry", { entry: { id: 43, number: 3, name: "别人", name_mn: null } }],
    ["another day", { day: "2026-11-21" }],
    ["another nonce", { nonce: "n2" }],
  ])("are wrong when the page shows %s", (_, shown) => {
    const { log, ballot } = aLog();
    const receipt = receiptOf(log, [["ballot", ballot]]);
    expect(() => check({ ...receipt, ...shown })).toThrow("other_record");
  });

  it("are wrong when the page shows another campaign", () => {
    const { log, ballot } = aLog();
    const receipt = receiptOf(log, [["ballot", ballot]]);
    receipt.campaign.id = 8;
    expect(() => check(receipt)).toThrow("other_record");
  });

  it.each([
    ["another reason", (step: Step) => ({ ...step, reason: "别的" })],
    ["another kind", (step: Step) => ({ ...step, kind: "release" as const })],
    ["another place", (step: Step) => ({ ...step, index: 0 })],
    ["a changed record", (step: Step) => ({ ...step, record: step.record.replace("[1]", "[2]") })],
    ["another's proof", (step: Step, log: ALog) => ({ ...step, proof: log.proof(0) })],
  ])("are wrong with %s", (_, change) => {
    const { log, ballot, decide } = aLog();
    const place = decide("quarantine", [ballot]);
    const receipt = receiptOf(log, [
      ["ballot", ballot],
      ["quarantine", place, "短时间集中投票"],
    ]);
    receipt.steps[1] = change(receipt.steps[1] as Step, log);
    expect(() => check(receipt)).toThrow();
  });

  it("are wrong when the decision was about other ballots", () => {
    const { log, ballot, decide } = aLog();
    const place = decide("annulment", [0]);
    const receipt = receiptOf(log, [
      ["ballot", ballot],
      ["annulment", place, "短时间集中投票"],
    ]);
    expect(() => check(receipt)).toThrow("other_record");
  });

  it("are wrong under another key", () => {
    const { log, ballot } = aLog();
    const receipt = receiptOf(log, [["ballot", ballot]]);
    expect(() => check({ ...receipt, verifier_key: "x" })).toThrow("malformed");
  });

  it("tell what the ballot is by now", () => {
    const { log, ballot, decide } = aLog();
    const quarantine = decide("quarantine", [ballot]);
    expect(sealedState(receiptOf(log, []))).toBe("unsealed");
    expect(sealedState(receiptOf(log, [["ballot", ballot]]))).toBe("counted");
    const steps: [Step["kind"], number][] = [
      ["ballot", ballot],
      ["quarantine", quarantine],
    ];
    expect(sealedState(receiptOf(log, steps))).toBe("quarantined");
    expect(sealedState(receiptOf(log, [...steps, ["openings", 0]]))).toBe("quarantined");
    expect(sealedState(receiptOf(log, [...steps, ["annulment", 0]]))).toBe("annulled");
    expect(sealedState(receiptOf(log, [...steps, ["release", 0]]))).toBe("counted");
  });
});

describe("the page of a receipt", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  async function open() {
    const { useReceipt } = await import("@/pages-vote/receipt/receipt");
    const page = useReceipt();
    page.code = CODE;
    await page.load();
    return page;
  }

  const given = (receipt: PublicReceipt) => ({ status: 200, body: receipt });

  it("asks again until the ballot is sealed, and then checks it", async () => {
    const { log, ballot } = aLog();
    const unsealed = given(receiptOf(log, []));
    server.answer(RECEIPT, unsealed, unsealed, given(receiptOf(log, [["ballot", ballot]])));
    const page = await open();
    expect(page).toMatchObject({ isOnItsWay: true, asksAgain: true });
    await vi.runAllTimersAsync();
    expect(server.askedFor(RECEIPT)).toHaveLength(3);
    expect(page.isOnItsWay).toBe(false);
    expect(page.checks.steps).toEqual(["right"]);
  });

  it("asks a few times only, and again when it is told to", async () => {
    const { log } = aLog();
    server.answer(RECEIPT, given(receiptOf(log, [])));
    const page = await open();
    await vi.runAllTimersAsync();
    expect(server.askedFor(RECEIPT)).toHaveLength(6);
    expect(page).toMatchObject({ isOnItsWay: true, asksAgain: false });
    void page.load();
    await vi.advanceTimersByTimeAsync(0);
    expect(server.askedFor(RECEIPT)).toHaveLength(7);
    page.stop();
    await vi.runAllTimersAsync();
    expect(server.askedFor(RECEIPT)).toHaveLength(7);
  });

  it("waits for a decision that is not sealed yet", async () => {
    const { log, ballot } = aLog();
    const receipt = receiptOf(log, [["ballot", ballot]]);
    server.answer(RECEIPT, given({ ...receipt, state: "annulled", reason: "机器批量投票" }));
    const page = await open();
    expect(page.isOnItsWay).toBe(true);
    page.stop();
  });

  it("says which step it could not find proven", async () => {
    const { log, ballot, decide } = aLog();
    const place = decide("quarantine", [ballot]);
    const receipt = receiptOf(log, [
      ["ballot", ballot],
      ["quarantine", place, "别的原因"],
    ]);
    server.answer(RECEIPT, given(receipt));
    const page = await open();
    expect(page.checks.steps).toEqual(["busy", "busy"]);
    await vi.runAllTimersAsync();
    expect(page.checks.steps).toEqual(["right", "wrong"]);
  });

  it("knows no other code", async () => {
    server.answer(RECEIPT, refusal(404, "receipt_not_found"));
    const page = await open();
    await flushPromises();
    expect(page.receipt.problem?.isMissing).toBe(true);
    expect(server.askedFor(RECEIPT)).toHaveLength(1);
  });

  it("does not say who asks", async () => {
    server.answer(RECEIPT, given(receiptOf(aLog().log, [])));
    const page = await open();
    page.stop();
    expect(server.asked[0]?.headers).not.toHaveProperty("Authorization");
  });
});
