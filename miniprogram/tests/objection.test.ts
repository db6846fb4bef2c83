import { beforeEach, expect, it, vi } from "vitest";
import { ref } from "vue";
import { refusal, server, store, stored } from "./fake-uni";

const OBJECTION = "POST /api/v1/me/campaigns/7/objection";
const TEXT = "我在医院给自己的大夫投的票。";

beforeEach(() => {
  vi.useFakeTimers();
  store("session", { access: "a", refresh: "r" });
});

async function start(campaign = 7) {
  vi.resetModules();
  const { useObjection } = await import("@/pages-vote/count/objection");
  return useObjection(ref(campaign));
}

async function settle<Value>(promise: Promise<Value>): Promise<Value> {
  await vi.runAllTimersAsync();
  return promise;
}

const keys = () => server.askedFor(OBJECTION).map(({ headers }) => headers["Idempotency-Key"]);

it("is sent once, and then no longer kept", async () => {
  server.answer(OBJECTION, { status: 201, body: {} });
  const draft = await start();
  draft.write(` ${TEXT} `);
  expect(await settle(draft.send())).toBe(true);
  expect(server.asked[0]?.body).toEqual({ text: TEXT });
  expect(draft.text).toBe("");
  expect(stored("objections")).toEqual({});
});

it("survives a lost network and a restart, and arrives under the same key", async () => {
  server.answer(OBJECTION, "unreachable");
  const draft = await start();
  draft.write(TEXT);
  expect(await settle(draft.send())).toBe(false);
  expect(draft.problem?.isOffline).toBe(true);

  server.answer(OBJECTION, { status: 201, body: {} });
  const later = await start();
  expect(later.text).toBe(TEXT);
  expect(await settle(later.send())).toBe(true);
  expect(new Set(keys()).size).toBe(1);
});

it("gets another key when it is written anew", async () => {
  server.answer(OBJECTION, refusal(409, "objection_made"));
  const draft = await start();
  draft.write(TEXT);
  await settle(draft.send());
  expect(draft.problem?.code).toBe("objection_made");
  draft.write(`${TEXT}请再看看。`);
  await settle(draft.send());
  expect(new Set(keys()).size).toBe(2);
});

it("has to say something", async () => {
  const draft = await start();
  expect(await settle(draft.send())).toBe(false);
  draft.write("不对   ");
  expect(await settle(draft.send())).toBe(false);
  expect(draft.isTooShort).toBe(true);
  draft.write(TEXT);
  expect(draft.isTooShort).toBe(false);
  expect(server.asked).toEqual([]);
});

it("is kept for each campaign by itself, and for nobody else", async () => {
  const draft = await start();
  draft.write(TEXT);
  const { useObjection } = await import("@/pages-vote/count/objection");
  expect(useObjection(ref(8)).text).toBe("");
  const { forgetSession } = await import("@/stores/session");
  forgetSession();
  expect(draft.text).toBe("");
  expect(stored("objections")).toEqual({});
});
