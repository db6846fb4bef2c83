import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { device, refusal, server, store, stored } from "./fake-uni";

const BALLOTS = "POST /api/v1/campaigns/7/ballots";
const RECEIPT = { status: 201, body: { receipt_code: "0000-02M3" } };

beforeEach(() => {
  vi.useFakeTimers();
  store("session", { access: "a", refresh: "r" });
});
afterEach(() => void vi.useRealTimers());

async function start() {
  vi.resetModules();
  const ballots = await import("@/domains/voting/waiting-ballots");
  const session = await import("@/stores/session");
  const network = await import("@/stores/network");
  return { ...ballots, session, network };
}

function ballot(key = "k1", entryId = 3) {
  return { campaignId: 7, entryId, entryName: "巴图", source: "list" as const, key };
}

async function settle<Value>(promise: Promise<Value>): Promise<Value> {
  await vi.runAllTimersAsync();
  return promise;
}

const keys = () => server.askedFor(BALLOTS).map(({ headers }) => headers["Idempotency-Key"]);

describe("a ballot on its way", () => {
  it("is counted and kept no longer", async () => {
    server.answer(BALLOTS, RECEIPT);
    const { sendBallot, waitingBallots } = await start();
    expect(await settle(sendBallot(ballot()))).toEqual({ receipt: RECEIPT.body });
    expect(server.asked[0]?.body).toEqual({ entry_id: 3, source: "list" });
    expect(waitingBallots.items).toEqual([]);
    expect(stored("waiting-ballots")).toEqual([]);
  });

  it("is on the device before the server has answered", async () => {
    server.answer(BALLOTS, () => {
      expect(stored("waiting-ballots")).toMatchObject([{ key: "k1" }]);
      return RECEIPT;
    });
    const { sendBallot } = await start();
    expect(await settle(sendBallot(ballot()))).toHaveProperty("receipt");
  });

  it("waits when the network loses it, and goes out once more after a restart", async () => {
    server.answer(BALLOTS, "unreachable");
    const first = await start();
    expect(await settle(first.sendBallot(ballot()))).toEqual({ isWaiting: true });

    server.answer(BALLOTS, RECEIPT);
    const second = await start();
    expect(second.waitingBallots.items).toEqual([ballot()]);
    await settle(second.sendWaitingBallots());
    expect(new Set(keys())).toEqual(new Set(["k1"]));
    expect(second.waitingBallots.items).toEqual([]);
  });

  it("goes out when the network is back", async () => {
    server.answer(BALLOTS, "unreachable");
    const { sendBallot, waitingBallots, network } = await start();
    await settle(sendBallot(ballot()));
    server.answer(BALLOTS, RECEIPT);
    network.noteReached();
    await vi.runAllTimersAsync();
    expect(waitingBallots.items).toEqual([]);
  });

  it("waits while the server is only out of order", async () => {
    server.answer(BALLOTS, refusal(503, "service_unavailable"));
    const { sendBallot, waitingBallots } = await start();
    expect(await settle(sendBallot(ballot()))).toEqual({ isWaiting: true });
    expect(waitingBallots.items).toHaveLength(1);
  });

  it("is dropped when it is refused", async () => {
    server.answer(BALLOTS, refusal(409, "daily_limit_reached"));
    const { sendBallot, waitingBallots } = await start();
    expect(await settle(sendBallot(ballot()))).toMatchObject({
      problem: { code: "daily_limit_reached" },
    });
    expect(waitingBallots.items).toEqual([]);
  });

  it("is kept once, however often it is sent", async () => {
    server.answer(BALLOTS, "unreachable");
    const { sendBallot, waitingBallots } = await start();
    await settle(Promise.all([sendBallot(ballot()), sendBallot(ballot())]));
    expect(waitingBallots.items).toHaveLength(1);
  });

  it("is kept for this visit when the device has no room", async () => {
    device.storageIsFull = true;
    server.answer(BALLOTS, "unreachable");
    const { sendBallot, waitingBallots } = await start();
    await settle(sendBallot(ballot()));
    expect(waitingBallots.items).toHaveLength(1);
  });
});

describe("ballots that wait", () => {
  it("go out one after the other, and those refused do not stop the rest", async () => {
    store("waiting-ballots", [ballot("k1", 1), ballot("k2", 2), ballot("k3", 3)]);
    server.answer(BALLOTS, RECEIPT, refusal(409, "entry_limit_reached"), RECEIPT);
    const { sendWaitingBallots, waitingBallots } = await start();
    await settle(sendWaitingBallots());
    expect(keys()).toEqual(["k1", "k2", "k3"]);
    expect(waitingBallots.items).toEqual([]);
  });

  it("are never sent for another person", async () => {
    store("waiting-ballots", [ballot()]);
    const { session, sendWaitingBallots, waitingBallots } = await start();
    session.forgetSession();
    expect(waitingBallots.items).toEqual([]);
    store("session", { access: "other", refresh: "other" });
    await settle(sendWaitingBallots());
    expect(keys()).toEqual([]);
    expect(stored("waiting-ballots")).toEqual([]);
  });

  it("wait for a session", async () => {
    store("session", null);
    store("waiting-ballots", [ballot()]);
    const { sendWaitingBallots, waitingBallots } = await start();
    await settle(sendWaitingBallots());
    expect(keys()).toEqual([]);
    expect(waitingBallots.items).toHaveLength(1);
  });

  it("are given up by who no longer wants them", async () => {
    store("waiting-ballots", [ballot("k1"), ballot("k2")]);
    const { giveUpBallot, waitingBallots } = await start();
    giveUpBallot("k1");
    expect(waitingBallots.items.map(({ key }) => key)).toEqual(["k2"]);
    expect(stored("waiting-ballots")).toHaveLength(1);
  });
});

it("makes a new key each time, of characters the server takes", async () => {
  const { newKey } = await start();
  const made = new Set(Array.from({ length: 200 }, newKey));
  expect(made.size).toBe(200);
  for (const key of made) expect(key).toMatch(/^[\x21-\x7e]{20,255}$/);
});
