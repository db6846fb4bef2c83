import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { browsing } from "./browser.mjs";
import { SITE, ask, usePhones } from "./phone.mjs";

const phones = usePhones();

describe("network", browsing, () => {
  test("a request to the built-in site reaches the page’s own origin, of any status", async () => {
    const page = await phones.open();
    phones.answers["/api/echo"] = ({ method, path, headers, body }) => ({
      status: 422,
      body: { method, path, token: headers.authorization, type: headers["content-type"], body },
    });
    const { answer } = await ask(page, "request", {
      url: `${SITE}/api/echo`,
      method: "POST",
      data: { a: 1 },
      header: { Authorization: "Bearer x" },
    });
    assert.equal(answer.statusCode, 422);
    assert.equal(answer.header["content-type"], "application/json");
    assert.deepEqual(answer.data, {
      method: "POST",
      path: "/api/echo",
      token: "Bearer x",
      type: "application/json",
      body: '{"a":1}',
    });
    const got = await ask(page, "request", { url: `${SITE}/api/echo?x=1`, data: { y: "二" } });
    assert.equal(got.answer.data.path, "/api/echo?x=1&y=%E4%BA%8C");
    const form = await ask(page, "request", {
      url: `${SITE}/api/echo`,
      method: "PUT",
      data: { y: 2 },
      header: { "Content-Type": "application/x-www-form-urlencoded" },
    });
    assert.equal(form.answer.data.body, "y=2");
  });

  test("the address of the runner may name another site", async () => {
    const page = await phones.open("?site=https://other.example");
    phones.answers["/a"] = () => ({ body: "text" });
    assert.equal(
      (await ask(page, "request", { url: "https://other.example/a" })).answer.data,
      "text",
    );
    assert.match(
      (await ask(page, "request", { url: `${SITE}/a` })).failure.errMsg,
      /^request:fail url not in domain list/,
    );
  });

  test("no other host, no relative address", async () => {
    const page = await phones.open();
    assert.equal(
      (await ask(page, "request", { url: "https://evil.example/x" })).failure.errMsg,
      "request:fail url not in domain list:https://evil.example",
    );
    assert.equal(
      (await ask(page, "request", { url: "/api" })).failure.errMsg,
      'request:fail invalid url "/api"',
    );
  });

  test("a slow answer times out, and a request can be aborted", async () => {
    const page = await phones.open();
    phones.answers["/slow"] = () => ({ wait: 500 });
    assert.equal(
      (await ask(page, "request", { url: `${SITE}/slow`, timeout: 50 })).failure.errMsg,
      "request:fail timeout",
    );
    const aborted = await page.evaluate(
      (url) =>
        new Promise((resolve) => {
          const task = wx.request({ url, fail: resolve });
          setTimeout(() => task.abort(), 20);
        }),
      `${SITE}/slow`,
    );
    assert.equal(aborted.errMsg, "request:fail abort");
    await page.waitForTimeout(20);
  });

  test("without callbacks a call is a promise", async () => {
    const page = await phones.open();
    phones.answers["/a"] = () => ({ body: { ok: true } });
    assert.deepEqual(
      await page.evaluate((url) => wx.request({ url }).then((each) => each.data), `${SITE}/a`),
      { ok: true },
    );
    assert.match(
      await page.evaluate(() => wx.request({ url: "x" }).catch((each) => each.errMsg)),
      /^request:fail/,
    );
  });

  test("bytes, files down, files up", async () => {
    const page = await phones.open();
    phones.answers["/file"] = () => ({ type: "application/pdf", body: "PDF!" });
    phones.answers["/up"] = ({ headers, body }) => ({
      body: {
        type: headers["content-type"].split(";")[0],
        hasFile: body.includes("PDF!") && body.includes('name="doc"') && body.includes("note"),
      },
    });
    const bytes = await page.evaluate(
      (url) =>
        new Promise((resolve) =>
          wx.request({
            url,
            responseType: "arraybuffer",
            success: ({ data }) => resolve(wx.arrayBufferToBase64(data)),
          }),
        ),
      `${SITE}/file`,
    );
    assert.equal(bytes, "UERGIQ==");
    const { answer } = await ask(page, "downloadFile", { url: `${SITE}/file` });
    assert.match(answer.tempFilePath, /^http:\/\/tmp\/\d+\.pdf$/);
    const up = await ask(page, "uploadFile", {
      url: `${SITE}/up`,
      filePath: answer.tempFilePath,
      name: "doc",
      formData: { note: "x" },
    });
    assert.deepEqual(JSON.parse(up.answer.data), { type: "multipart/form-data", hasFile: true });
    await ask(page, "openDocument", { filePath: answer.tempFilePath, fileType: "pdf" });
    assert.deepEqual(await page.evaluate(() => wxrun.calls), [
      {
        api: "openDocument",
        options: {
          filePath: answer.tempFilePath,
          fileType: "pdf",
          size: 4,
          type: "application/pdf",
        },
      },
    ]);
    assert.match(
      (await ask(page, "openDocument", { filePath: "http://tmp/none" })).failure.errMsg,
      /^openDocument:fail no such file/,
    );
    await phones.phone.page.waitForTimeout(10);
  });

  test("files are written, read and chosen", async () => {
    const page = await phones.open("?privacy=agreed");
    const text = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const files = wx.getFileSystemManager();
          const filePath = `${wx.env.USER_DATA_PATH}/a.txt`;
          files.writeFile({
            filePath,
            data: "你好",
            success: () =>
              files.readFile({ filePath, encoding: "utf8", success: ({ data }) => resolve(data) }),
          });
        }),
    );
    assert.equal(text, "你好");
    await assert.rejects(
      page.evaluate(() => wx.getFileSystemManager().mkdir({})),
      /FileSystemManager\.mkdir is not implemented/,
    );
    const chooser = page.waitForEvent("filechooser");
    const chosen = ask(page, "chooseMedia", { count: 1, mediaType: ["image"] });
    await (
      await chooser
    ).setFiles({ name: "a.png", mimeType: "image/png", buffer: Buffer.from("x") });
    const [file] = (await chosen).answer.tempFiles;
    assert.deepEqual([file.size, file.fileType], [1, "image"]);
  });
});
