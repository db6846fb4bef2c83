import { beforeEach, describe, expect, it, vi } from "vitest";
import { refusal, server, store, stored } from "./fake-uni";

const SETTINGS = "GET /api/v1/settings";
const WECHAT = "POST /api/v1/auth/wechat";
const OFFICIAL = "POST /api/v1/auth/wechat-official";
const ADDRESS = "GET /api/v1/auth/wechat-official/address";
const TOKENS = { status: 200, body: { access_token: "a1", refresh_token: "r1" } };

const policyOf = (version: string) => ({ status: 200, body: { policy_version: version } });

beforeEach(() => {
  vi.doUnmock("@/platform");
  server.answer(SETTINGS, policyOf("1.0"));
  server.answer(WECHAT, TOKENS);
});

/** The app as it starts in WeChat. */
async function startInWeChat() {
  const requestSignInCode = vi.fn(async () => ({ kind: "mini-program", code: "c1" }));
  const platform = { name: "weapp", requestSignInCode, takeReturnedCode: () => null };
  vi.doMock("@/platform", () => ({ platform }));
  const session = await import("@/stores/session");
  const { consent } = await import("@/stores/consent");
  return { ...session, consent, requestSignInCode };
}

/** Waits for the sheet that asks, and answers it. */
async function answer(
  consent: { question: { answer(isGiven: boolean): void } | null },
  isGiven: boolean,
): Promise<void> {
  await vi.waitFor(() => expect(consent.question).not.toBeNull());
  consent.question?.answer(isGiven);
}

describe("in WeChat", () => {
  it("asks WeChat and the server for nothing before the person agrees", async () => {
    const { ensureSignedIn, consent, requestSignInCode, isSignedIn } = await startInWeChat();
    const outcome = ensureSignedIn();
    await answer(consent, false);
    expect(await outcome).toBe(false);
    expect(requestSignInCode).not.toHaveBeenCalled();
    expect(server.asked.map(({ path }) => path)).toEqual(["/api/v1/settings"]);
    expect(isSignedIn.value).toBe(false);
    expect(stored("consent")).toBeUndefined();
  });

  it("signs in with the version that was agreed to, and keeps the tokens", async () => {
    const { ensureSignedIn, consent, isSignedIn } = await startInWeChat();
    const outcome = ensureSignedIn();
    await answer(consent, true);
    expect(await outcome).toBe(true);
    const [asked] = server.askedFor(WECHAT);
    expect(asked?.body).toEqual({ code: "c1", policy_version: "1.0" });
    expect(asked?.headers).not.toHaveProperty("Authorization");
    expect(isSignedIn.value).toBe(true);
    expect(stored("session")).toEqual({ access: "a1", refresh: "r1" });
  });

  it("asks nobody twice about the same version", async () => {
    store("consent", "1.0");
    const { ensureSignedIn, consent } = await startInWeChat();
    expect(await ensureSignedIn()).toBe(true);
    expect(consent.question).toBeNull();
  });

  it("asks again about a new version", async () => {
    store("consent", "1.0");
    server.answer(SETTINGS, policyOf("1.1"));
    const { ensureSignedIn, consent } = await startInWeChat();
    const outcome = ensureSignedIn();
    await answer(consent, true);
    expect(await outcome).toBe(true);
    expect(server.askedFor(WECHAT)[0]?.body).toMatchObject({ policy_version: "1.1" });
    expect(stored("consent")).toBe("1.1");
  });

  it("takes a second question for the first one's end", async () => {
    const { ensureSignedIn, consent } = await startInWeChat();
    const first = ensureSignedIn();
    await vi.waitFor(() => expect(consent.question).not.toBeNull());
    const shown = consent.question;
    const second = ensureSignedIn();
    expect(await first).toBe(false);
    await vi.waitFor(() => expect(consent.question).not.toBe(shown));
    await answer(consent, true);
    expect(await second).toBe(true);
  });

  it("says why when the server refuses, and is not signed in", async () => {
    store("consent", "1.0");
    server.answer(WECHAT, refusal(403, "account_disabled"));
    const { ensureSignedIn, isSignedIn } = await startInWeChat();
    await expect(ensureSignedIn()).rejects.toMatchObject({ code: "account_disabled" });
    expect(isSignedIn.value).toBe(false);
  });

  it("is still signed in after a restart, and asks for nothing", async () => {
    store("session", { access: "a0", refresh: "r0" });
    const { ensureSignedIn, isSignedIn } = await startInWeChat();
    expect(isSignedIn.value).toBe(true);
    expect(await ensureSignedIn()).toBe(true);
    expect(server.asked).toEqual([]);
  });

  it.each([{ status: 204 }, "unreachable" as const, refusal(401, "session_ended")])(
    "signs out on this device whatever the server says",
    async (outcome) => {
      store("session", { access: "a0", refresh: "r0" });
      server.answer("POST /api/v1/auth/sign-out", outcome);
      const { signOut, onSignedOut, isSignedIn } = await startInWeChat();
      const leave = vi.fn();
      onSignedOut(leave);
      await signOut();
      expect(isSignedIn.value).toBe(false);
      expect(leave).toHaveBeenCalled();
      expect(stored("session")).toBeUndefined();
    },
  );
});

describe("in a browser", () => {
  const PAGE = "#/pages-vote/campaign/index?id=7";
  const assign = vi.fn();

  beforeEach(() => {
    assign.mockReset();
    vi.spyOn(location, "assign").mockImplementation(assign);
    store("consent", "1.0");
    server.answer(OFFICIAL, TOKENS);
    server.answer(ADDRESS, { status: 200, body: { url: "https://open.weixin.qq.com/x" } });
    history.replaceState(null, "", `/${PAGE}`);
  });

  const start = () => import("@/stores/session");

  /** The browser goes to WeChat's page; gives the state it took along. */
  async function leave(): Promise<string> {
    const { ensureSignedIn } = await start();
    expect(await ensureSignedIn()).toBe(false);
    expect(assign).toHaveBeenCalledWith("https://open.weixin.qq.com/x");
    const state = new URLSearchParams(server.askedFor(ADDRESS)[0]?.path.split("?")[1]).get("state");
    vi.resetModules();
    return state ?? "";
  }

  it("leaves for WeChat's page and comes back to where it was", async () => {
    const state = await leave();
    expect(state).toMatch(/^[0-9a-f]{32}$/);
    history.replaceState(null, "", `/?code=c9&state=${state}`);
    const { finishSignIn, isSignedIn } = await start();
    await finishSignIn();
    expect(server.askedFor(OFFICIAL)[0]?.body).toEqual({ code: "c9", policy_version: "1.0" });
    expect(isSignedIn.value).toBe(true);
    expect(location.search + location.hash).toBe(PAGE);
  });

  it("uses a code once", async () => {
    const state = await leave();
    history.replaceState(null, "", `/?code=c9&state=${state}`);
    const { finishSignIn } = await start();
    await finishSignIn();
    // Opened again from the browser's history.
    vi.resetModules();
    history.replaceState(null, "", `/?code=c9&state=${state}`);
    await (await start()).finishSignIn();
    expect(server.askedFor(OFFICIAL)).toHaveLength(1);
  });

  it("refuses a code that it did not ask for", async () => {
    await leave();
    history.replaceState(null, "", "/?code=foreign&state=0123456789abcdef0123456789abcdef");
    const { finishSignIn, isSignedIn } = await start();
    await finishSignIn();
    expect(server.askedFor(OFFICIAL)).toEqual([]);
    expect(isSignedIn.value).toBe(false);
    expect(location.search).toBe("");
  });

  it("refuses a code when it never left", async () => {
    history.replaceState(null, "", "/?code=foreign&state=");
    const { finishSignIn } = await start();
    await finishSignIn();
    expect(server.askedFor(OFFICIAL)).toEqual([]);
  });

  it("is back without a session when the person declined at WeChat's", async () => {
    const state = await leave();
    history.replaceState(null, "", `/?state=${state}`);
    const { finishSignIn, isSignedIn } = await start();
    await finishSignIn();
    expect(isSignedIn.value).toBe(false);
    expect(location.search + location.hash).toBe(PAGE);
  });

  it("goes nowhere when there is no sign-in for browsers", async () => {
    server.answer(ADDRESS, refusal(404, "browser_sign_in_off"));
    const { ensureSignedIn } = await start();
    await expect(ensureSignedIn()).rejects.toMatchObject({ code: "browser_sign_in_off" });
    expect(assign).not.toHaveBeenCalled();
  });
});
