import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { browsing } from "./browser.mjs";
import { SITE, ask, until, usePhones } from "./phone.mjs";

const phones = usePhones();

describe("storage and device", browsing, () => {
  test("storage keeps types, and its own keys only", async () => {
    const page = await phones.open();
    const kept = await page.evaluate(() => {
      localStorage.setItem("other", "1");
      const values = {
        text: "1",
        number: 0,
        list: [1, { a: null }],
        flag: false,
        nothing: undefined,
      };
      for (const [key, value] of Object.entries(values)) wx.setStorageSync(key, value);
      wx.setStorageSync("moment", new Date(5));
      wx.removeStorageSync("flag");
      return {
        ...Object.fromEntries(
          ["text", "number", "list", "flag", "never"].map((key) => [key, wx.getStorageSync(key)]),
        ),
        moment: wx.getStorageSync("moment").getTime(),
        keys: wx.getStorageInfoSync().keys.toSorted(),
      };
    });
    assert.deepEqual(kept, {
      text: "1",
      number: 0,
      list: [1, { a: null }],
      flag: "",
      never: "",
      moment: 5,
      keys: ["list", "moment", "nothing", "number", "text"],
    });
    assert.deepEqual((await ask(page, "getStorage", { key: "number" })).answer, {
      errMsg: "getStorage:ok",
      data: 0,
    });
    assert.equal(
      (await ask(page, "getStorage", { key: "never" })).failure.errMsg,
      "getStorage:fail data not found",
    );
    await page.reload();
    assert.equal(await page.evaluate(() => wx.getStorageSync("text")), "1");
    await page.evaluate(() => wx.clearStorageSync());
    assert.deepEqual(
      await page.evaluate(() => [wx.getStorageInfoSync().keys, localStorage.getItem("other")]),
      [[], "1"],
    );
  });

  test("the phone and the person’s settings", async () => {
    const page = await phones.open("?theme=dark&fontScale=1.5");
    const facts = () =>
      page.evaluate(() => ({
        ...wx.getSystemInfoSync(),
        menu: wx.getMenuButtonBoundingClientRect(),
        appId: wx.getAccountInfoSync().miniProgram.appId,
      }));
    const { theme, fontSizeScaleFactor, fontSizeSetting, windowWidth, windowHeight, menu, appId } =
      await facts();
    assert.deepEqual(
      [theme, fontSizeScaleFactor, fontSizeSetting, windowWidth, windowHeight],
      ["dark", 1.5, 24, 375, 720 - 64 - 51],
    );
    assert.deepEqual([menu.right, appId], [368, "wxfixture0000000001"]);
    await page.evaluate(() => {
      wx.onThemeChange(({ theme: now }) => (getApp().theme = now));
      wxrun.setTheme("light");
      wxrun.setFontScale(2);
    });
    assert.equal(await page.evaluate(() => getApp().theme), "light");
    assert.deepEqual(await facts().then((each) => [each.theme, each.fontSizeScaleFactor]), [
      "light",
      2,
    ]);
  });

  test("the network comes and goes", async () => {
    const page = await phones.open();
    await page.evaluate(() => wx.onNetworkStatusChange((state) => (getApp().network = state)));
    await page.context().setOffline(true);
    await until(page, () => getApp().network, { isConnected: false, networkType: "none" });
    assert.equal((await ask(page, "getNetworkType")).answer.networkType, "none");
    assert.equal(
      (await ask(page, "request", { url: `${SITE}/a` })).failure.errMsg,
      "request:fail net::ERR_FAILED",
    );
    await page.context().setOffline(false);
    await until(page, () => getApp().network.isConnected, true);
  });

  test("calls out of the page are noted, and a scan answered", async () => {
    const page = await phones.open("?privacy=agreed");
    await ask(page, "makePhoneCall", { phoneNumber: "12345" });
    await ask(page, "setClipboardData", { data: "抄" });
    assert.equal((await ask(page, "getClipboardData")).answer.data, "抄");
    assert.deepEqual(await page.evaluate(() => wxrun.calls.map((each) => each.api)), [
      "makePhoneCall",
      "setClipboardData",
    ]);
    await page.evaluate(() => {
      wxrun.scan("码");
      wxrun.scan({ cancel: true });
    });
    assert.equal((await ask(page, "scanCode")).answer.result, "码");
    assert.equal((await ask(page, "scanCode")).failure.errMsg, "scanCode:fail cancel");
    await page.evaluate(() => void wx.scanCode({}));
    await phones.expectFault(/no scripted answer/);
  });

  test("a font is loaded, or refused with a reason", async () => {
    const page = await phones.open();
    const family = "样字";
    const none = { family, source: `url("${SITE}/none.woff2")` };
    assert.match((await ask(page, "loadFontFace", none)).failure.errMsg, /^loadFontFace:fail/);
    assert.ok(phones.requests.some((each) => each.path === "/none.woff2"));
  });

  test("what can be used is told truly", async () => {
    const page = await phones.open();
    const told = await page.evaluate(() =>
      [
        "request",
        "startBeaconDiscovery",
        "button.open-type.getPhoneNumber",
        "button.open-type.liveActivity",
        "nonsense",
      ].map((each) => wx.canIUse(each)),
    );
    assert.deepEqual(told, [true, false, true, false, false]);
    assert.deepEqual(
      await page.evaluate(() => [typeof wx.startBeaconDiscovery, typeof wx.nonsense]),
      ["function", "undefined"],
    );
  });
});

describe("WeChat’s own surfaces", browsing, () => {
  test("toasts, loading, titles", async () => {
    const page = await phones.open();
    await ask(page, "showToast", { title: "成了", duration: 1500 });
    assert.ok(await page.getByRole("status").getByText("成了").isVisible());
    await until(page, () => document.querySelectorAll(".wx-toast").length, 0);
    await ask(page, "showLoading", { title: "请稍候" });
    assert.ok(await page.getByRole("progressbar", { name: "请稍候" }).isVisible());
    await ask(page, "hideLoading");
    assert.equal(await page.locator(".wx-toast").count(), 0);
    await ask(page, "setNavigationBarTitle", { title: "新题" });
    assert.equal(await page.title(), "新题");
    assert.match(
      (await ask(page, "setNavigationBarColor", { frontColor: "red" })).failure.errMsg,
      /invalid frontColor/,
    );
  });

  test("a modal and an action sheet wait for the person", async () => {
    const page = await phones.open();
    const modal = ask(page, "showModal", {
      title: "真的吗",
      content: "想好",
      confirmText: "想好了",
    });
    await page
      .getByRole("dialog", { name: "真的吗" })
      .getByRole("button", { name: "想好了" })
      .tap();
    assert.equal((await modal).answer.confirm, true);
    const sheet = ask(page, "showActionSheet", { itemList: ["甲", "乙"] });
    await page.getByRole("button", { name: "乙" }).tap();
    assert.equal((await sheet).answer.tapIndex, 1);
    const cancelled = ask(page, "showActionSheet", { itemList: ["甲"] });
    await page.getByRole("button", { name: "取消" }).tap();
    assert.equal((await cancelled).failure.errMsg, "showActionSheet:fail cancel");
    assert.match(
      (await ask(page, "showModal", { confirmText: "五个字太长" })).failure.errMsg,
      /at most 4/,
    );
  });
});
