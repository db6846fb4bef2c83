import { beforeEach, describe, expect, it, vi } from "vitest";
import { refusal, server, store, stored } from "./fake-uni";

const PROFILE = {
  created_at: "2026-10-02T04:00:00Z",
  phone: "138****5678",
  consent: { version: "1.0", given_at: "2026-10-02T04:00:00Z", is_current: true },
  unread_notices: 0,
};
const openFile = vi.fn(async () => true);

beforeEach(() => {
  vi.doMock("@/platform", () => ({ platform: { openFile, takeReturnedCode: () => null } }));
  openFile.mockClear();
  store("session", { access: "a", refresh: "r" });
  store("consent", "1.0");
  server.answer("GET /api/v1/me", { status: 200, body: PROFILE });
  server.answer("GET /api/v1/me/consents", { status: 200, body: { items: [] } });
});

async function start() {
  const { useOwnData } = await import("@/pages-me/data/own-data");
  const { useSteps } = await import("@/pages-me/data/steps");
  const { toast } = await import("@/stores/toast");
  const { isSignedIn } = await import("@/stores/session");
  const own = useOwnData();
  await own.refresh();
  return { own, steps: useSteps(own.refresh), toast, isSignedIn };
}

describe("what cannot be undone", () => {
  const STEPS = [
    ["unbind", "DELETE /api/v1/me/phone", true, "1.0"],
    ["everywhere", "POST /api/v1/auth/sign-out-everywhere", false, "1.0"],
    ["withdraw", "DELETE /api/v1/me/consents", false, undefined],
    ["erase", "DELETE /api/v1/me", false, undefined],
  ] as const;

  it.each(STEPS)("%s is only asked about at first", async (step, route) => {
    const { steps } = await start();
    steps.ask(step);
    expect(steps.words?.hint).toBeTruthy();
    steps.close();
    expect(steps.words).toBeNull();
    await steps.confirm();
    expect(server.askedFor(route)).toEqual([]);
  });

  it.each(STEPS)("%s is done and told", async (step, route, staysSignedIn, consent) => {
    server.answer(route, { status: 200, body: { ...PROFILE, phone: null } });
    const { steps, toast, isSignedIn } = await start();
    steps.ask(step);
    const done = steps.words?.done;
    await steps.confirm();
    expect(server.askedFor(route)).toHaveLength(1);
    expect(steps.step).toBeNull();
    expect(toast.value).toEqual({ kind: "done", text: done });
    expect(isSignedIn.value).toBe(staysSignedIn);
    expect(stored("consent")).toBe(consent);
  });

  it.each(STEPS)("%s says why it failed, and changes nothing here", async (step, route) => {
    server.answer(route, "unreachable");
    const { steps, toast, isSignedIn } = await start();
    steps.ask(step);
    await steps.confirm();
    expect(steps).toMatchObject({ step, isBusy: false });
    expect(toast.value?.kind).toBe("problem");
    expect(isSignedIn.value).toBe(true);
    expect(stored("consent")).toBe("1.0");
  });

  it("is done once, however often it is confirmed", async () => {
    server.answer("DELETE /api/v1/me", { status: 204 });
    const { steps } = await start();
    steps.ask("erase");
    await Promise.all([steps.confirm(), steps.confirm()]);
    expect(server.askedFor("DELETE /api/v1/me")).toHaveLength(1);
  });

  it("warns twice of what nothing brings back", async () => {
    const { steps } = await start();
    steps.ask("erase");
    expect(steps.words?.warning).toContain("不能恢复");
  });
});

describe("the phone number", () => {
  const BIND = "POST /api/v1/me/phone";

  it("is bound with WeChat's code", async () => {
    server.answer(BIND, { status: 200, body: PROFILE });
    const { own, toast } = await start();
    await own.bind("p1");
    expect(server.askedFor(BIND)[0]?.body).toEqual({ code: "p1" });
    expect(toast.value?.kind).toBe("done");
    expect(own.underWay).toBeNull();
  });

  it("stays as it is when the person turns back at WeChat's question", async () => {
    const { own } = await start();
    await own.bind(null);
    expect(server.askedFor(BIND)).toEqual([]);
  });

  it("says why it cannot be bound", async () => {
    server.answer(BIND, refusal(409, "phone_taken", "这个手机号已绑定另一个账号"));
    const { own, toast } = await start();
    await own.bind("p1");
    expect(toast.value).toEqual({ kind: "problem", text: "这个手机号已绑定另一个账号" });
  });
});

describe("the export", () => {
  const EXPORT = "GET /api/v1/me/export";
  const bytes = new ArrayBuffer(8);

  it.each(["xlsx", "json"] as const)("is handed out as %s", async (format) => {
    server.answer(EXPORT, { status: 200, body: bytes });
    const { own, toast } = await start();
    await own.take(format);
    expect(openFile).toHaveBeenCalledWith(bytes, `我的赛音数据.${format}`);
    expect(toast.value?.kind).toBe("done");
  });

  it("is not told of as done when the person turned back", async () => {
    server.answer(EXPORT, { status: 200, body: bytes });
    openFile.mockResolvedValueOnce(false);
    const { own, toast } = await start();
    await own.take("xlsx");
    expect(toast.value).toBeNull();
  });
});

describe("a new version of the policy", () => {
  const outdated = { ...PROFILE, consent: { ...PROFILE.consent, is_current: false } };
  const POLICY = { version: "1.1", effective_on: "2026-12-01", title: "", sections: [] };

  beforeEach(() => {
    server.answer(
      "GET /api/v1/me",
      { status: 200, body: outdated },
      { status: 200, body: PROFILE },
    );
    server.answer("GET /api/v1/policies/privacy", { status: 200, body: POLICY });
  });

  it("is pointed out", async () => {
    const { own } = await start();
    expect(own.isConsentOutdated).toBe(true);
  });

  it("can be agreed to where it is read, and is not asked about again", async () => {
    server.answer("POST /api/v1/me/consents", { status: 200, body: PROFILE });
    const { usePolicy } = await import("@/pages-me/policy/policy");
    const page = usePolicy();
    await page.load();
    expect(page.isConsentOutdated).toBe(true);
    await page.agree();
    expect(server.askedFor("POST /api/v1/me/consents")[0]?.body).toEqual({ policy_version: "1.1" });
    expect(page.isConsentOutdated).toBe(false);
    expect(stored("consent")).toBe("1.1");
  });

  it("is read by anybody, without a question to who is not signed in", async () => {
    const { forgetSession } = await import("@/stores/session");
    forgetSession();
    const { usePolicy } = await import("@/pages-me/policy/policy");
    const page = usePolicy();
    await page.load();
    expect(page.policy.value?.version).toBe("1.1");
    expect(page.isConsentOutdated).toBe(false);
    expect(server.askedFor("GET /api/v1/me")).toEqual([]);
  });
});
