import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { browsing } from "./browser.mjs";
import { until, usePhones } from "./phone.mjs";

const phones = usePhones();

describe("pages", browsing, () => {
  const log = () => getApp().log;
  const open = () => wxrun.pages();

  test("the app and its first page begin in order, without a browser’s globals", async () => {
    const page = await phones.open();
    await until(page, log, ["onLaunch", "onShow", "home.onLoad", "home.onShow", "home.onReady"]);
    assert.deepEqual(await page.evaluate(() => getApp().globals), {
      window: "undefined",
      document: "undefined",
      fetch: "undefined",
    });
    assert.equal(await page.title(), "首页");
  });

  test("the runner’s address says which page, query and scene", async () => {
    const page = await phones.open(
      "?path=sub/detail/detail&query=id%3D9%26name%3D%25E5&scene=1047",
    );
    await page.getByText("编号9 名字%E5").waitFor();
    const { path, query, scene } = await page.evaluate(() => getApp().launch);
    assert.deepEqual(
      { path, query, scene },
      { path: "sub/detail/detail", query: { id: "9", name: "%E5" }, scene: 1047 },
    );
    assert.equal(await page.evaluate(() => wx.getEnterOptionsSync().scene), 1047);
  });

  test("a page opens another, they talk, and back comes with place and life kept", async () => {
    const page = await phones.open();
    await page.evaluate(() => wx.pageScrollTo({ scrollTop: 300, duration: 0 }));
    await until(page, () => wxrun.page().scrolled, 300);
    await page.evaluate(() => wxrun.page().goDetail());
    await page.getByText("编号7 名字%E5%91%BC").waitFor();
    assert.equal(await page.getByText("第1轮").isVisible(), false);
    assert.equal(await page.evaluate(() => wxrun.page().openedBy), "home");
    await page.getByRole("button", { name: "选好了" }).tap();
    await until(page, open, ["pages/home/home"]);
    assert.equal(await page.evaluate(() => wxrun.page().chosen), "7");
    assert.equal(
      await page.locator(".wx-scroller:not([hidden])").evaluate((each) => each.scrollTop),
      300,
    );
    assert.deepEqual(await page.evaluate(() => getApp().log.slice(-2)), [
      "home.onHide",
      "home.onShow",
    ]);
  });

  test("the browser’s back and the bar’s back are WeChat’s", async () => {
    const page = await phones.open();
    await page.getByRole("link", { name: "链接到详情" }).tap();
    await page.getByText("编号").waitFor();
    await page.goBack();
    await until(page, open, ["pages/home/home"]);
    await page.getByRole("button", { name: "看详情" }).tap();
    await page.getByRole("button", { name: "再往下" }).tap();
    await until(page, () => wxrun.pages().length, 3);
    await page.getByRole("button", { name: "返回" }).tap();
    await until(page, () => wxrun.pages().length, 2);
    await page.goBack();
    await until(page, open, ["pages/home/home"]);
  });

  test("a reload begins with the page that was open", async () => {
    const page = await phones.open();
    await page.evaluate(() => wx.navigateTo({ url: "/sub/detail/detail?id=3" }));
    await until(page, () => location.hash, "#/sub/detail/detail?id=3");
    await page.reload();
    await page.getByText("编号3").waitFor();
    assert.deepEqual(await page.evaluate(open), ["sub/detail/detail?id=3"]);
  });

  test("no more than ten pages, and unknown ones not at all", async () => {
    const page = await phones.open();
    const attempt = (api, options) =>
      page.evaluate(
        ([name, given]) =>
          wx[name](given).then(
            (each) => each.errMsg,
            (each) => each.errMsg,
          ),
        [api, options],
      );
    for (let depth = 2; depth <= 10; depth += 1)
      assert.equal(
        await attempt("navigateTo", { url: `/sub/detail/detail?id=${depth}` }),
        "navigateTo:ok",
      );
    assert.equal(
      await attempt("navigateTo", { url: "/sub/detail/detail" }),
      "navigateTo:fail webview count limit exceed",
    );
    assert.equal(
      await attempt("redirectTo", { url: "none?x=1" }),
      'redirectTo:fail page "sub/detail/none?x=1" is not found',
    );
    assert.equal(await attempt("navigateBack", { delta: 4 }), "navigateBack:ok");
    assert.equal(await page.evaluate(() => wxrun.pages().length), 6);
    assert.equal(await attempt("redirectTo", { url: "../styled/styled" }), "redirectTo:ok");
    assert.equal(await page.evaluate(() => wxrun.pages()[5]), "sub/styled/styled");
    assert.equal(await attempt("reLaunch", { url: "/sub/detail/detail" }), "reLaunch:ok");
    assert.deepEqual(await page.evaluate(open), ["sub/detail/detail"]);
    assert.equal(
      await attempt("navigateBack", {}),
      "navigateBack:fail cannot navigate back at first page.",
    );
    await until(page, () => [history.state.depth, location.hash], [1, "#/sub/detail/detail"]);
  });

  test("pages of the tab bar stay alive", async () => {
    const page = await phones.open();
    const attempt = (api, url) =>
      page.evaluate(
        ([name, given]) =>
          wx[name]({ url: given }).then(
            (each) => each.errMsg,
            (each) => each.errMsg,
          ),
        [api, url],
      );
    assert.equal(
      await attempt("navigateTo", "/pages/mine/mine"),
      "navigateTo:fail can not navigateTo a tabbar page",
    );
    assert.equal(
      await attempt("switchTab", "/sub/detail/detail"),
      "switchTab:fail can not switch to no-tabBar page",
    );
    await page.evaluate(() => wxrun.page().setData({ round: 5 }));
    await page.getByRole("tab", { name: "我的" }).tap();
    await page.getByText("我的页面").waitFor();
    assert.equal(
      await page.getByRole("tab", { name: "我的" }).getAttribute("aria-selected"),
      "true",
    );
    await page.getByRole("tab", { name: "首页" }).tap();
    await page.getByText("第5轮").waitFor();
    assert.equal(
      await page.evaluate(() => getApp().log.filter((each) => each === "home.onLoad").length),
      1,
    );
    await page.evaluate(() => wx.navigateTo({ url: "/sub/detail/detail" }));
    assert.equal(await page.getByRole("tablist").isVisible(), false);
  });

  test("pulling down, reaching the end, sharing", async () => {
    const page = await phones.open();
    await page.evaluate(() => wxrun.pullDown());
    assert.equal(await page.getByText("第2轮").isVisible(), true);
    await page.getByText("共20行").scrollIntoViewIfNeeded();
    await page.getByText("共21行").waitFor();
    assert.deepEqual(await page.evaluate(() => wxrun.share()), {
      title: "来自menu",
      path: "/pages/home/home?shared=1",
    });
    await page.evaluate(() => wx.pageScrollTo({ scrollTop: 0, duration: 0 }));
    await page.getByRole("button", { name: "分享" }).tap();
    await until(page, () => wxrun.calls.map((each) => [each.api, each.options.title]), [
      ["share", "来自buttonposter"],
    ]);
    await page.evaluate(() => wx.navigateTo({ url: "/sub/detail/detail" }));
    assert.equal(await page.evaluate(() => wxrun.share()), null);
    await assert.rejects(
      page.evaluate(() => wxrun.pullDown()),
      /enablePullDownRefresh/,
    );
  });

  test("a first page that does not exist is an error", async () => {
    await phones.open("?path=none/none");
    await phones.expectFault(/page "none\/none" is not found/);
  });

  test("hidden and shown again", async () => {
    const page = await phones.open();
    await page.evaluate(() => {
      wx.onAppHide(() => getApp().log.push("listener.hide"));
      Object.defineProperty(document, "hidden", { value: true, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    assert.equal(await page.evaluate(() => getApp().log.at(-1)), "listener.hide");
  });
});

describe("styles", browsing, () => {
  const style = (locator, name) =>
    locator.evaluate((each, property) => getComputedStyle(each)[property], name);

  test("each component has its own classes, unless it shares them", async () => {
    const page = await phones.open("?path=sub/styled/styled");
    const title = page.getByText("页面标题");
    const card = page.getByText("卡片").first();
    assert.equal(await style(title, "color"), "rgb(20, 20, 20)");
    assert.equal(await style(title, "letterSpacing"), "3px");
    assert.equal(await style(card, "color"), "rgb(200, 0, 0)");
    assert.equal(await style(card, "fontWeight"), "400");
    assert.equal(await style(page.locator("my-card").first(), "padding"), "7px");
    assert.equal(await page.getByText("藏起来").isVisible(), false);
    assert.equal(await style(page.getByText("没有宿主"), "color"), "rgb(0, 128, 0)");
    assert.equal(await page.locator("my-bare").count(), 0);
    assert.equal(await style(page.getByText("共享"), "color"), "rgb(0, 0, 255)");
    assert.equal(await style(page.getByText("也染色"), "backgroundColor"), "rgb(0, 255, 0)");
  });

  test("a page’s style ends with the page, and its area begins below the bar", async () => {
    const page = await phones.open();
    const background = () => style(page.locator("wx-page:visible"), "backgroundColor");
    assert.equal(await background(), "rgb(250, 240, 230)");
    assert.equal((await page.locator(".first").boundingBox()).width, 187.5);
    assert.equal((await page.locator(".first").boundingBox()).height, (720 - 64 - 50 - 1) / 10);
    await page.evaluate(() => wx.navigateTo({ url: "/sub/styled/styled" }));
    assert.equal(await background(), "rgb(1, 1, 1)");
    const brand = page.getByText("品牌");
    assert.equal(await style(brand, "color"), "rgb(1, 2, 3)");
    assert.deepEqual(
      await brand.boundingBox().then(({ width, height }) => [width, height]),
      [37.5, 1],
    );
    assert.equal((await page.getByText("吸顶").boundingBox()).y, 64);
    await page.goBack();
    await until(page, () => wxrun.pages().length, 1);
    assert.equal(await background(), "rgb(250, 240, 230)");
  });

  test("the theme is the browser's, unless a test chose one", async () => {
    const page = await phones.open();
    const row = page.getByText("第1行", { exact: true });
    const colours = async () => [
      await style(page.getByRole("banner"), "backgroundColor"),
      await style(row, "color"),
      await page.evaluate(() => wx.getAppBaseInfo().theme),
    ];
    const light = ["rgb(255, 255, 255)", "rgb(20, 20, 20)", "light"];
    const dark = ["rgb(16, 17, 18)", "rgb(250, 250, 250)", "dark"];
    assert.deepEqual(await colours(), light);
    await page.evaluate(() => wx.onThemeChange(({ theme }) => getApp().log.push(theme)));
    await page.emulateMedia({ colorScheme: "dark" });
    await until(page, () => getApp().log.at(-1), "dark");
    assert.deepEqual(await colours(), dark);
    await page.evaluate(() => wxrun.setTheme("light"));
    assert.deepEqual(await colours(), light);
    await page.emulateMedia({ colorScheme: "light" });
    await page.evaluate(() => wxrun.setTheme("dark"));
    assert.deepEqual(await colours(), dark);
  });
});
