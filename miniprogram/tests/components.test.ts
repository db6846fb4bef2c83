import { mount } from "@vue/test-utils";
import { describe, expect, it, vi } from "vitest";
import { nextTick, type Component } from "vue";
import { device, server, store } from "./fake-uni";

type Loaded = Promise<{ default: Component }>;

async function show(
  component: Loaded,
  options: { props?: object; slots?: Record<string, string> } = {},
) {
  return mount((await component).default, options as Record<string, unknown>);
}

async function problem(kind: "offline" | "missing" | "broken") {
  const { Problem } = await import("@/api/problem");
  const status = { offline: 0, missing: 404, broken: 500 }[kind];
  return kind === "offline" ? Problem.unreachable() : new Problem(status, "x", "为什么不行");
}

describe("a button", () => {
  const button = (props: object) =>
    show(import("@/components/app-button.vue"), { props, slots: { default: "投一票" } });

  it("tells of a press, and of nothing else", async () => {
    const shown = await button({ kind: "primary" });
    await shown.find("button").trigger("tap");
    expect(shown.emitted()).toHaveProperty("press");
    expect(shown.emitted()).not.toHaveProperty("phone");
    expect(shown.text()).toBe("投一票");
  });

  it.each([{ isDisabled: true }, { isBusy: true }])("is not to be pressed: %o", async (props) => {
    const shown = await button(props);
    const element = shown.find("button");
    expect(element.attributes()).toMatchObject({ disabled: "", "aria-disabled": "true" });
    await element.trigger("tap");
    expect(shown.emitted("press")).toBeUndefined();
  });

  it("says when it is busy", async () => {
    const shown = await button({ isBusy: true });
    expect(shown.find("button").attributes("aria-busy")).toBe("true");
  });

  it("hands on the phone number's code, or that there is none", async () => {
    const shown = await button({ openType: "getPhoneNumber" });
    const element = shown.find("button").element;
    element.dispatchEvent(Object.assign(new Event("getphonenumber"), { detail: { code: "p1" } }));
    element.dispatchEvent(Object.assign(new Event("getphonenumber"), { detail: {} }));
    expect(shown.emitted("phone")).toEqual([["p1"], [null]]);
  });
});

describe("where nothing could be loaded", () => {
  it("leads home from what is not there", async () => {
    const shown = await show(import("@/components/load-state.vue"), {
      props: { problem: await problem("missing") },
    });
    expect(shown.text()).toContain("没有找到");
    expect(shown.text()).toContain("为什么不行");
    await shown.find("button").trigger("tap");
    expect(device.visited).toEqual(["/pages/index/index"]);
    expect(shown.emitted("retry")).toBeUndefined();
  });

  it.each([
    ["offline", "网络断开了"],
    ["broken", "没有载入成功"],
  ] as const)("offers another try when %s", async (kind, title) => {
    const shown = await show(import("@/components/load-state.vue"), {
      props: { problem: await problem(kind) },
    });
    expect(shown.text()).toContain(title);
    await shown.find("button").trigger("tap");
    expect(shown.emitted("retry")).toHaveLength(1);
  });
});

describe("the end of a list", () => {
  const end = (props: object) => show(import("@/components/list-end.vue"), { props });

  it("gives more to who asks", async () => {
    const shown = await end({ isLoading: false, hasMore: true });
    await shown.find("button").trigger("tap");
    expect(shown.emitted("more")).toHaveLength(1);
  });

  it("has no button while more is on its way, nor when there is none", async () => {
    const loading = await end({ isLoading: true, hasMore: true });
    expect(loading.find("button").exists()).toBe(false);
    expect(loading.text()).toBe("正在载入更多");
    expect((await end({ isLoading: false, hasMore: false })).text()).toBe("已经到底了");
  });
});

describe("the question of consent", () => {
  async function ask() {
    const shown = await show(import("@/components/consent-sheet.vue"));
    expect(shown.text()).toBe("");
    server.answer("GET /api/v1/settings", { status: 200, body: { policy_version: "1.0" } });
    const { askForConsent } = await import("@/stores/consent");
    const answer = askForConsent();
    await vi.waitFor(() => expect(shown.text()).toContain("使用前请先了解"));
    return { shown, answer };
  }

  it("takes a yes", async () => {
    const { shown, answer } = await ask();
    expect(shown.text()).toContain("同意后将打开微信登录页面");
    await press(shown, "同意并继续");
    expect(await answer).toBe("1.0");
    expect(shown.text()).toBe("");
  });

  it("takes a no", async () => {
    const { shown, answer } = await ask();
    await press(shown, "不同意，先看看");
    expect(await answer).toBeNull();
  });

  it("waits while the policy is read", async () => {
    const { shown, answer } = await ask();
    const outcome = vi.fn();
    void answer.then(outcome);
    await press(shown, "看隐私政策全文");
    expect(device.visited).toEqual(["/pages-me/policy/index"]);
    expect(outcome).not.toHaveBeenCalled();
  });
});

describe("the tabs", () => {
  const tabs = (unread: number) =>
    show(import("@/pages/index/tab-bar.vue"), { props: { tab: "home", unread } });

  it("say which one is in front and lead to the others", async () => {
    const shown = await tabs(0);
    const all = shown.findAll("[aria-role=tab]");
    expect(all.map((tab) => tab.attributes("aria-selected"))).toEqual([
      "true",
      "false",
      "false",
      "false",
    ]);
    await all[1]?.trigger("tap");
    expect(shown.emitted("choose")).toEqual([["knowledge"]]);
  });

  it("tell of what is unread, if anything is", async () => {
    expect((await tabs(3)).html()).toContain("3 条未读");
    expect((await tabs(0)).text()).not.toContain("未读");
  });
});

it("stands figures upright among vertical letters only", async () => {
  const figures = (text: string) =>
    show(import("@/components/app-figures.vue"), { props: { text } });
  expect((await figures("11月20日 12:05")).findAll("text text")).toHaveLength(1);
  const { display } = await import("@/stores/display");
  display.isMongolian = true;
  const shown = await figures("2026 ᠣᠨ 11:05");
  expect(shown.text()).toBe("2026 ᠣᠨ 11:05");
  expect(shown.findAll(".figures").map((part) => part.text())).toEqual(["2026", ":"]);
  expect(shown.findAll(".figures-pair").map((part) => part.text())).toEqual(["11", "05"]);
});

it("signs in from where one's own things would be", async () => {
  store("consent", "1.0");
  server.answer("GET /api/v1/settings", { status: 200, body: { policy_version: "1.0" } });
  server.answer("GET /api/v1/auth/wechat-official/address", { status: 404 });
  const shown = await show(import("@/components/sign-in-state.vue"), { props: { hint: "看消息" } });
  expect(shown.text()).toContain("看消息");
  await shown.find("button").trigger("tap");
  await vi.waitFor(async () => {
    const { toast } = await import("@/stores/toast");
    expect(toast.value?.kind).toBe("problem");
  });
});

async function press(shown: Awaited<ReturnType<typeof show>>, words: string): Promise<void> {
  await shown
    .findAll("button")
    .find((button) => button.text() === words)
    ?.trigger("tap");
  await nextTick();
}
