import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { browsing } from "./browser.mjs";
import { ask, until, usePhones } from "./phone.mjs";

const phones = usePhones();

describe("the person", browsing, () => {
  const open = (search = "") => phones.open(`?path=pages/mine/mine${search}`);
  const result = () => JSON.parse(wxrun.page().data.result || "null");

  test("login asks the test for a code", async () => {
    const page = await open("&openid=o1");
    phones.answers["/_wx/login-code"] = ({ body }) => ({
      body: { code: `for-${JSON.parse(body).openid}` },
    });
    assert.match((await ask(page, "checkSession")).failure.errMsg, /^checkSession:fail/);
    await page.getByRole("button", { name: "登录" }).tap();
    await until(page, result, { errMsg: "login:ok", code: "for-o1" });
    assert.equal((await ask(page, "checkSession")).answer.errMsg, "checkSession:ok");
  });

  test("a phone number needs consent, then a yes", async () => {
    const page = await open();
    phones.answers["/_wx/phone-code"] = () => ({ body: { code: "p1" } });
    const button = page.getByRole("button", { name: "获取手机号" });
    await button.tap();
    await page.getByRole("button", { name: "拒绝" }).tap();
    await until(page, result, {
      errMsg: "getPhoneNumber:fail privacy permission is not authorized",
      errno: 104,
    });
    await button.tap();
    await page.getByRole("button", { name: "同意", exact: true }).tap();
    await page.getByRole("button", { name: "不允许" }).tap();
    await until(page, result, { errMsg: "getPhoneNumber:fail user deny" });
    await button.tap();
    await page.getByRole("button", { name: "允许", exact: true }).tap();
    await until(page, result, { errMsg: "getPhoneNumber:ok", code: "p1" });
  });

  test("a page asks for consent in its own words", async () => {
    const page = await open();
    assert.equal((await ask(page, "getPrivacySetting")).answer.needAuthorization, true);
    await page.evaluate(() => wxrun.page().listen());
    const refused = ask(page, "setClipboardData", { data: "x" });
    await page.getByRole("button", { name: "不同意" }).tap();
    assert.equal((await refused).failure.errno, 104);
    const agreed = ask(page, "setClipboardData", { data: "x" });
    await page.getByText("我们的隐私说明").waitFor();
    assert.equal(await page.evaluate(() => wxrun.page().referrer), "setClipboardData");
    await page.getByRole("button", { name: "同意", exact: true }).tap();
    assert.equal((await agreed).answer.errMsg, "setClipboardData:ok");
    assert.equal((await ask(page, "getPrivacySetting")).answer.needAuthorization, false);
    await page.reload();
    assert.equal(
      (await ask(page, "requirePrivacyAuthorize")).answer.errMsg,
      "requirePrivacyAuthorize:ok",
    );
  });

  test("subscribing needs a tap, and each choice is kept", async () => {
    const page = await open();
    phones.answers["/_wx/subscriptions"] = () => ({ body: {} });
    await page.getByRole("button", { name: "订阅", exact: true }).tap();
    await page.getByRole("checkbox", { name: "template-b" }).uncheck();
    await page.getByRole("button", { name: "允许" }).tap();
    await until(page, result, {
      errMsg: "requestSubscribeMessage:ok",
      "template-a": "accept",
      "template-b": "reject",
    });
    const sent = phones.requests
      .filter((each) => each.path === "/_wx/subscriptions")
      .map((each) => JSON.parse(each.body));
    assert.deepEqual(sent, [
      { template_id: "template-a", status: "accept" },
      { template_id: "template-b", status: "reject" },
    ]);
    await page.getByRole("button", { name: "订阅", exact: true }).tap();
    await page.getByRole("button", { name: "取消" }).tap();
    await until(page, () => JSON.parse(wxrun.page().data.result)["template-a"], "reject");
    await page.getByRole("button", { name: "晚订阅" }).tap();
    await until(page, result, {
      errMsg: "requestSubscribeMessage:fail can only be invoked by user TAP gesture.",
    });
    assert.equal(
      (await ask(page, "requestSubscribeMessage", { tmplIds: [] })).failure.errCode,
      10001,
    );
    assert.equal(
      (await ask(page, "requestSubscribeMessage", { tmplIds: ["1", "2", "3", "4", "5", "6"] }))
        .failure.errCode,
      20003,
    );
  });

  test("WeChat’s refusal of a subscription reaches the page", async () => {
    const page = await open();
    phones.answers["/_wx/subscriptions"] = () => ({
      status: 400,
      body: { errCode: 20001, errMsg: "No template data return, verify the template id exist" },
    });
    await page.getByRole("button", { name: "订阅", exact: true }).tap();
    await page.getByRole("button", { name: "允许" }).tap();
    await until(page, () => JSON.parse(wxrun.page().data.result).errCode, 20001);
  });
});
