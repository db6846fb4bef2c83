import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { browsing } from "./browser.mjs";
import { until, usePhones } from "./phone.mjs";

const phones = usePhones();

describe("events", browsing, () => {
  const log = () => wxrun.page().data.log;
  const open = () => phones.open("?path=pages/events/events");

  test("a tap rises with its dataset and marks, unless it is caught", async () => {
    const page = await open();
    await page.getByText("冒泡").tap();
    await until(page, log, "[inner 1 3][outer outer page]");
    const { target, currentTarget, detail, touches, mark, type } = await page.evaluate(() =>
      JSON.parse(JSON.stringify(wxrun.page().last)),
    );
    assert.deepEqual(
      [type, target.dataset, currentTarget.dataset, mark],
      ["tap", {}, { someThing: 1 }, { place: "page", row: "3" }],
    );
    assert.equal(touches[0].clientX, detail.x);
    assert.ok(detail.y < 60, "counted from the page’s area");
    await page.evaluate(() => wxrun.page().setData({ log: "" }));
    await page.getByText("拦住").tap();
    await until(page, log, "[inner 2 ]");
  });

  test("a mouse click is a tap, and so is Enter on a control", async () => {
    const page = await open();
    await page.getByText("动态").click();
    await until(page, log, "[outer  page][outer outer page]");
    await page.getByRole("button", { name: "选1" }).press("Enter");
    await until(page, log, "[outer  page][outer outer page][chosen 标题！ card]");
  });

  test("a long press is no tap", async () => {
    const page = await open();
    await page.getByText("长按").click({ delay: 500 });
    await until(page, log, "[long]");
  });

  test("templates, conditions, slots, scripts of the view", async () => {
    const page = await open();
    for (const text of ["模板", "一", "插槽", "标题！"])
      assert.ok(await page.getByText(text, { exact: true }).isVisible(), text);
    for (const text of ["多", "无", "看不见"])
      assert.equal(await page.getByText(text, { exact: true }).isVisible(), false, text);
    await page.evaluate(() => wxrun.page().setData({ count: 0 }));
    assert.ok(await page.getByText("无", { exact: true }).isVisible());
    const life = await page.evaluate(() => getApp().log.slice(2));
    assert.deepEqual(life, ["card.attached", "card.ready"]);
  });

  test("what a handler throws is seen, and App.onError hears it", async () => {
    const page = await open();
    await page.getByText("出错").tap();
    await phones.expectFault(/a handler failed/);
    assert.equal(await page.evaluate(() => getApp().log.at(-1)), "onError a handler failed");
  });

  test("a call the runtime lacks is seen even when it is caught", async () => {
    const page = await open();
    await page.getByText("缺少").tap();
    await until(page, log, "[caught]");
    await phones.expectFault(/wx\.startBeaconDiscovery is not implemented/);
  });
});

describe("controls", browsing, () => {
  const data = () => wxrun.page().data;
  const out = () => wxrun.page().data.out;
  const open = () => phones.open("?path=pages/controls/controls");

  test("an input tells what is typed, takes the handler’s answer, and binds both ways", async () => {
    const page = await open();
    const name = page.getByRole("textbox", { name: "姓名" });
    const hint = page.getByText("请输入", { exact: true });
    assert.equal(await hint.evaluate((each) => getComputedStyle(each).color), "rgb(9, 8, 7)");
    await name.fill("呼和");
    await until(page, out, 'input {"value":"呼和","cursor":2,"keyCode":21644}');
    await page.getByText("你好，呼和").waitFor();
    assert.equal(await hint.isVisible(), false);
    await name.fill("abc");
    assert.equal(await name.inputValue(), "ABC");
    await page.evaluate(() => wxrun.page().setData({ name: "乌兰" }));
    assert.equal(await name.inputValue(), "乌兰");
    await name.press("Enter");
    await until(page, out, 'confirm {"value":"乌兰"}');
    assert.equal(await page.evaluate(() => wxrun.page().lastBlur.value), "乌兰");
  });

  test("a limit and a keyboard", async () => {
    const page = await open();
    const phone = page.getByPlaceholder("电话");
    await phone.pressSequentially("1234567");
    assert.equal(await phone.inputValue(), "12345");
    assert.equal(await phone.getAttribute("inputmode"), "numeric");
    await page.getByPlaceholder("说几句").fill("一\n二\n三");
    assert.equal(await page.evaluate(() => wxrun.page().lineCount), 3);
  });

  test("choices have the roles a screen reader finds", async () => {
    const page = await open();
    const tea = page.getByRole("checkbox", { name: "喝茶" });
    assert.ok(await tea.isChecked());
    await page.getByRole("checkbox", { name: "饮酒" }).tap();
    await until(page, out, 'liked ["tea","wine"]');
    await tea.tap();
    await until(page, out, 'liked ["wine"]');
    await page.getByText("男").tap();
    assert.ok(await page.getByRole("radio").first().isChecked());
    await page.getByText("女").tap();
    assert.deepEqual(
      await page.getByRole("radio").evaluateAll((all) => all.map((each) => each.ariaChecked)),
      ["false", "true"],
    );
    await page.getByRole("switch", { name: "通知" }).tap();
    await until(page, out, 'switched {"value":true}');
  });

  test("pickers open a sheet", async () => {
    const page = await open();
    await page.getByRole("button", { name: "选城市" }).tap();
    await page.getByRole("option", { name: "康巴什" }).tap();
    await page.getByRole("button", { name: "确定" }).tap();
    await page.getByText("选城市：康巴什").waitFor();
    await page.getByRole("button", { name: "选日期" }).tap();
    await page.getByRole("listbox").nth(2).getByRole("option", { name: "23" }).tap();
    await page.getByRole("button", { name: "确定" }).tap();
    await page.getByText("选日期：2026-11-23").waitFor();
    await page.getByRole("button", { name: "选多列" }).tap();
    await page.getByRole("option", { name: "乙" }).tap();
    await page.getByRole("option", { name: "四" }).tap();
    await page.getByRole("button", { name: "取消" }).tap();
    assert.equal((await page.evaluate(data)).chosen, "");
    await page.getByRole("button", { name: "选多列" }).tap();
    await page.getByRole("option", { name: "乙" }).tap();
    await page.getByRole("option", { name: "四" }).tap();
    await page.getByRole("button", { name: "确定" }).tap();
    await page.getByText("选多列：1+1").waitFor();
  });

  test("a form hands over every named field", async () => {
    const page = await open();
    await page.getByRole("textbox", { name: "姓名" }).fill("呼和");
    await page.getByRole("radio").nth(1).tap();
    await page.getByRole("button", { name: "提交" }).tap();
    const submitted = {
      name: "呼和",
      phone: "",
      words: "",
      likes: ["tea"],
      sex: "f",
      on: false,
      level: 3,
      city: "0",
      way: "main",
    };
    await until(page, () => JSON.parse(wxrun.page().data.out.replace("submit ", "")), submitted);
    await page.getByRole("button", { name: "重填" }).tap();
    await until(page, out, "reset {}");
    assert.equal(await page.getByRole("textbox", { name: "姓名" }).inputValue(), "");
  });

  test("a disabled button does nothing, and a pressed one looks pressed", async () => {
    const page = await open();
    const button = page.getByRole("button", { name: "不可点" });
    assert.ok(await button.isDisabled());
    await button.click({ force: true });
    const busy = page.getByRole("button", { name: "处理中" });
    await busy.hover();
    await page.mouse.down();
    await page.waitForFunction(
      (each) => getComputedStyle(each).backgroundColor === "rgb(4, 5, 6)",
      await busy.elementHandle(),
    );
    await page.mouse.up();
    await page.waitForFunction(
      (each) => getComputedStyle(each).backgroundColor !== "rgb(4, 5, 6)",
      await busy.elementHandle(),
    );
  });
});
