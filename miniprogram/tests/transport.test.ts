import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { refusal, server, store, stored } from "./fake-uni";

const THINGS = "GET /api/v1/things";
const BALLOTS = "POST /api/v1/ballots";
const REFRESH = "POST /api/v1/auth/refresh";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The transport with the session that renews its tokens. */
async function start() {
  const session = await import("@/stores/session");
  const { send } = await import("@/api/transport");
  const { Problem } = await import("@/api/problem");
  const { isOnline } = await import("@/stores/network");
  return { session, send, Problem, isOnline };
}

/** The outcome, with all pauses between tries passed over. */
async function settle<Value>(promise: Promise<Value>): Promise<PromiseSettledResult<Value>> {
  const settled = Promise.allSettled([promise]);
  await vi.runAllTimersAsync();
  return (await settled)[0];
}

function get(path = "/api/v1/things") {
  return { method: "GET" as const, path };
}

describe("what may be tried again", () => {
  it("reads again when the network fails, and tells that it is back", async () => {
    const { send, isOnline } = await start();
    server.answer(THINGS, "unreachable", "unreachable", { status: 200, body: [1] });
    const outcome = settle(send(get()));
    await vi.advanceTimersByTimeAsync(100);
    expect(isOnline.value).toBe(false);
    expect(await outcome).toEqual({ status: "fulfilled", value: [1] });
    expect(isOnline.value).toBe(true);
  });

  it.each([502, 503, 504])("reads again after %i", async (status) => {
    const { send } = await start();
    server.answer(THINGS, { status }, { status: 200, body: 1 });
    expect(await settle(send(get()))).toMatchObject({ value: 1 });
  });

  it("gives up after three tries", async () => {
    const { send } = await start();
    server.answer(THINGS, "unreachable");
    expect(await settle(send(get()))).toMatchObject({
      reason: { code: "unreachable", isOffline: true, isPassing: true },
    });
    expect(server.asked).toHaveLength(3);
  });

  it("repeats a write with the same key", async () => {
    const { send } = await start();
    server.answer(BALLOTS, "unreachable", refusal(503, "x"), { status: 201, body: 1 });
    const sent = { method: "POST" as const, path: "/api/v1/ballots", idempotencyKey: "k1" };
    expect(await settle(send(sent))).toMatchObject({ value: 1 });
    expect(server.asked.map(({ headers }) => headers["Idempotency-Key"])).toEqual([
      "k1",
      "k1",
      "k1",
    ]);
  });

  it.each(["unreachable" as const, { status: 503 }])("never repeats a plain write", async (how) => {
    const { send } = await start();
    server.answer(BALLOTS, how);
    const outcome = await settle(send({ method: "POST", path: "/api/v1/ballots" }));
    expect(outcome.status).toBe("rejected");
    expect(server.asked).toHaveLength(1);
  });

  it("takes a refusal for an answer", async () => {
    const { send } = await start();
    server.answer(THINGS, refusal(409, "campaign_closed"));
    expect(await settle(send(get()))).toMatchObject({ reason: { code: "campaign_closed" } });
    expect(server.asked).toHaveLength(1);
  });
});

describe("who asks", () => {
  beforeEach(() => store("session", { access: "old", refresh: "r1" }));

  const answerByToken = () =>
    server.answer(THINGS, ({ headers }) =>
      headers.Authorization === "Bearer new"
        ? { status: 200, body: 1 }
        : refusal(401, "access_token_expired"),
    );

  it("renews the tokens once for all who find them expired", async () => {
    const { send } = await start();
    answerByToken();
    server.answer(REFRESH, { status: 200, body: { access_token: "new", refresh_token: "r2" } });
    const outcomes = await Promise.all([1, 2, 3].map(() => settle(send(get()))));
    expect(outcomes.map((outcome) => outcome.status)).toEqual(Array(3).fill("fulfilled"));
    expect(server.askedFor(REFRESH).map(({ body }) => body)).toEqual([{ refresh_token: "r1" }]);
    expect(stored("session")).toEqual({ access: "new", refresh: "r2" });
  });

  it("renews again when they expire again", async () => {
    const { send } = await start();
    server.answer(THINGS, refusal(401, "x"), { status: 200 }, refusal(401, "x"), { status: 200 });
    const tokens = { access_token: "new", refresh_token: "r2" };
    server.answer(REFRESH, { status: 200, body: tokens });
    await settle(send(get()));
    expect(await settle(send(get()))).toMatchObject({ status: "fulfilled" });
    expect(server.askedFor(REFRESH)).toHaveLength(2);
  });

  it("signs out when the server renews nothing", async () => {
    const { send, session } = await start();
    const leave = vi.fn();
    session.onSignedOut(leave);
    answerByToken();
    server.answer(REFRESH, refusal(401, "refresh_token_reused"));
    expect(await settle(send(get()))).toMatchObject({ reason: { isSignedOut: true } });
    expect(session.isSignedIn.value).toBe(false);
    expect(stored("session")).toBeUndefined();
    expect(leave).toHaveBeenCalledOnce();
  });

  it("stays signed in when the renewal does not arrive", async () => {
    const { send, session } = await start();
    answerByToken();
    server.answer(REFRESH, "unreachable");
    expect(await settle(send(get()))).toMatchObject({ reason: { isOffline: true } });
    expect(session.isSignedIn.value).toBe(true);
  });

  it("does not renew forever what is refused with new tokens too", async () => {
    const { send } = await start();
    server.answer(THINGS, refusal(401, "session_ended"));
    server.answer(REFRESH, { status: 200, body: { access_token: "new", refresh_token: "r2" } });
    expect(await settle(send(get()))).toMatchObject({ reason: { code: "session_ended" } });
    expect(server.askedFor(THINGS)).toHaveLength(2);
  });

  it("says nothing of the person in an anonymous call", async () => {
    const { send } = await start();
    server.answer(THINGS, { status: 401 });
    await settle(send({ ...get(), isAnonymous: true }));
    expect(server.asked).toHaveLength(1);
    expect(server.asked[0]?.headers).not.toHaveProperty("Authorization");
  });

  it("names the person otherwise, and the language", async () => {
    const { send } = await start();
    await settle(send(get()));
    expect(server.asked[0]?.headers).toMatchObject({
      Authorization: "Bearer old",
      "Accept-Language": "zh-Hans",
    });
  });
});

describe("a refusal", () => {
  it("brings the server's words and how long to wait", async () => {
    const { send, Problem } = await start();
    server.answer(THINGS, {
      ...refusal(429, "too_many_requests", "请稍等"),
      headers: { "retry-after": "30" },
    });
    const outcome = await settle(send(get()));
    const { reason } = outcome as PromiseRejectedResult;
    expect(reason).toBeInstanceOf(Problem);
    expect(reason).toMatchObject({ status: 429, detail: "请稍等", retryAfterSeconds: 30 });
  });

  it.each(["<html>", "", null, { detail: 5 }])("of %j gets words of our own", async (body) => {
    const { send } = await start();
    server.answer(THINGS, { status: 500, body });
    expect(await settle(send(get()))).toMatchObject({
      reason: { status: 500, code: "", detail: "系统出了点问题，请稍后再试。" },
    });
  });

  it("is read from bytes where a file was asked for", async () => {
    const { send } = await start();
    const text = JSON.stringify(refusal(401, "sign_in_required", "请先登录。").body);
    server.answer(THINGS, { status: 401, body: new TextEncoder().encode(text).buffer });
    expect(await settle(send({ ...get(), answers: "bytes" }))).toMatchObject({
      reason: { code: "sign_in_required", detail: "请先登录。" },
    });
    expect(server.asked[0]?.isForBytes).toBe(true);
  });
});
