import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { browsing } from "./browser.mjs";
import { until, usePhones } from "./phone.mjs";

const phones = usePhones();

describe("media and scrolling", browsing, () => {
  const seen = () => wxrun.page().seen ?? [];
  const open = () => phones.open("?path=pages/media/media");

  test("pictures load or say that they do not", async () => {
    const page = await open();
    await until(page, () => (wxrun.page().seen ?? []).length, 2);
    const [error, load] = (await page.evaluate(seen)).toSorted();
    assert.equal(error, 'error {"errMsg":"GET /none.png failed"}');
    assert.match(load, /^load \{"width":\d+,"height":\d+\}$/);
    const picture = page.getByRole("img", { name: "圆点" });
    assert.equal(await picture.evaluate((each) => getComputedStyle(each).objectFit), "cover");
    assert.equal((await picture.boundingBox()).width, 50);
  });

  test("a page with a bar of its own begins at the top", async () => {
    const page = await open();
    assert.equal(await page.getByRole("banner").isVisible(), false);
    assert.equal((await page.locator(".portal").boundingBox()).y, 0);
    assert.equal(await page.evaluate(() => document.documentElement.style.fontSize), "20px");
  });

  test("a swiper follows the page, and a finger", async () => {
    const page = await open();
    await page.evaluate(() => wxrun.page().setData({ current: 2 }));
    await until(page, () => wxrun.page().seen.filter((each) => each.startsWith("swipe")), [
      'swipe {"current":2,"currentItemId":"i3","source":""}',
    ]);
    await page.getByText("幻灯3").hover();
    await page.mouse.down();
    await page.mouse.move(350, 150);
    await page.mouse.up();
    await until(
      page,
      () => wxrun.page().seen.at(-1),
      'swipe {"current":1,"currentItemId":"i2","source":"touch"}',
    );
  });

  test("a scroll-view goes to a line, notices its end, and refreshes", async () => {
    const page = await open();
    await page.evaluate(() => wxrun.page().setData({ target: "line-3" }));
    await until(page, () => wxrun.page().scrollTop, 200);
    await page.evaluate(() => wxrun.page().setData({ target: "line-5" }));
    await until(page, () => wxrun.page().seen.at(-1), "lower undefined");
    await page.evaluate(() => wxrun.refresh(".list"));
    await page.getByText("行0").waitFor({ state: "attached" });
    await until(page, () => document.querySelectorAll(".wx-refresher").length, 0);
  });

  test("a video waits for somebody to play it", async () => {
    const page = await open();
    const player = page.getByLabel("八段锦");
    assert.deepEqual(
      await player.evaluate((each) => [each.controls, each.preload, each.style.objectFit]),
      [true, "none", "cover"],
    );
  });

  test("rich text keeps what WeChat keeps", async () => {
    const page = await open();
    const html = await page
      .locator("wx-rich-text")
      .evaluateAll((all) => all.map((each) => each.innerHTML));
    assert.deepEqual(html, [
      '<p class="x">一段<b>粗体</b>&nbsp;字</p><a>链接</a>',
      "<h2>标题&lt;一&gt;</h2>",
    ]);
  });

  test("a canvas is drawn on and saved", async () => {
    const page = await open();
    const saved = await page.evaluate(
      () =>
        new Promise((resolve) => {
          wx.createSelectorQuery()
            .select("#board")
            .fields({ node: true, size: true })
            .exec(([{ node, width, height }]) => {
              Object.assign(node, { width: width * 2, height: height * 2 });
              node.getContext("2d").fillRect(0, 0, 10, 10);
              wx.canvasToTempFilePath({
                canvas: node,
                success: ({ tempFilePath }) => resolve({ width, height, tempFilePath }),
              });
            });
        }),
    );
    assert.deepEqual([saved.width, saved.height], [100, 50]);
    assert.match(saved.tempFilePath, /\.png$/);
  });

  test("small things have their roles and line breaks", async () => {
    const page = await open();
    assert.equal(
      await page.getByRole("progressbar", { name: "进度" }).getAttribute("aria-valuenow"),
      "40",
    );
    assert.ok(await page.getByRole("img", { name: "成功" }).isVisible());
    assert.ok((await page.getByText("甲").boundingBox()).height > 35);
  });

  test("places are told from the page’s area, and sight is noticed", async () => {
    const page = await open();
    const far = await page.evaluate(
      () =>
        new Promise((resolve) => {
          wx.createSelectorQuery()
            .select("#far")
            .boundingClientRect()
            .selectAll("wx-none")
            .boundingClientRect()
            .select(".none")
            .fields({ size: true })
            .selectViewport()
            .scrollOffset()
            .exec(resolve);
        }),
    );
    assert.deepEqual(
      [far[0].id, far[0].height, far[1], far[2], far[3].scrollTop],
      ["far", 3000, [], null, 0],
    );
    await page.evaluate(() => {
      wxrun.page().sight = [];
      const observer = wx.createIntersectionObserver(wxrun.page());
      observer
        .relativeToViewport()
        .observe(".watched", ({ intersectionRatio }) =>
          wxrun.page().sight.push(intersectionRatio > 0),
        );
    });
    assert.deepEqual(await page.evaluate(() => wxrun.page().sight), []);
    await page.evaluate(() => wx.pageScrollTo({ selector: ".watched", duration: 0 }));
    await until(page, () => wxrun.page().sight, [true]);
    await page.setViewportSize({
      width: 375,
      height: await page.evaluate(() => wxrun.pageHeight()),
    });
    assert.ok(await page.getByText("底部").isVisible());
  });
});
