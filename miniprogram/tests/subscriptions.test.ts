import { beforeEach, describe, expect, it, vi } from "vitest";
import { server } from "./fake-uni";

const SETTINGS = "GET /api/v1/settings";
const REPORT = "POST /api/v1/me/subscriptions";
const requestSubscriptions = vi.fn(async (): Promise<Record<string, string>> => ({}));

const settingsWith = (...templates: object[]) => ({
  status: 200,
  body: { policy_version: "1.0", message_templates: templates },
});

async function start(hasSubscriptions = true) {
  const platform = { hasSubscriptions, requestSubscriptions, takeReturnedCode: () => null };
  vi.doMock("@/platform", () => ({ platform }));
  return import("@/stores/subscriptions");
}

beforeEach(() => {
  requestSubscriptions.mockClear();
  server.answer(SETTINGS, settingsWith({ code: "campaign_result", template_id: "T1" }));
  server.answer(REPORT, { status: 204 });
});

describe("following", () => {
  it.each([
    ["accept", true],
    ["acceptWithAudio", true],
    ["reject", false],
    ["ban", false],
    ["filter", false],
  ])("after %s is %s, and the server learns of the answer", async (result, isAccepted) => {
    requestSubscriptions.mockResolvedValue({ errMsg: "ok", T1: result });
    const { askToFollow } = await start();
    expect(await askToFollow("campaign_result")).toBe(isAccepted);
    expect(requestSubscriptions).toHaveBeenCalledWith(["T1"]);
    expect(server.askedFor(REPORT)[0]?.body).toEqual({
      choices: [{ template: "campaign_result", result }],
    });
  });

  it("is nothing to tell of when the person was not asked", async () => {
    requestSubscriptions.mockResolvedValue({});
    const { askToFollow } = await start();
    expect(await askToFollow("campaign_result")).toBe(false);
    expect(server.askedFor(REPORT)).toEqual([]);
  });

  it("is not promised when the server did not learn of it", async () => {
    requestSubscriptions.mockResolvedValue({ T1: "accept" });
    server.answer(REPORT, "unreachable");
    const { askToFollow } = await start();
    await expect(askToFollow("campaign_result")).rejects.toMatchObject({ isOffline: true });
  });

  it("is impossible without a template", async () => {
    server.answer(SETTINGS, settingsWith());
    const { askToFollow, canFollow } = await start();
    expect(await canFollow("campaign_result")).toBe(false);
    expect(await askToFollow("campaign_result")).toBe(false);
    expect(requestSubscriptions).not.toHaveBeenCalled();
  });

  it("is impossible in a browser, which asks for nothing", async () => {
    const { askToFollow, canFollow } = await start(false);
    expect(await canFollow("campaign_result")).toBe(false);
    expect(await askToFollow("campaign_result")).toBe(false);
    expect(server.asked).toEqual([]);
  });

  it("is asked in the tap itself once it is known to be possible", async () => {
    const { askToFollow, canFollow } = await start();
    expect(await canFollow("campaign_result")).toBe(true);
    void askToFollow("campaign_result");
    await Promise.resolve().then(() => Promise.resolve());
    expect(server.askedFor(SETTINGS)).toHaveLength(1);
  });
});
