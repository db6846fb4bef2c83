import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { bundle } from "../src/build/bundle.mjs";
import { BUILT_IN, MISSING } from "../src/build/elements.mjs";
import { Source, SourceError } from "../src/build/source.mjs";
import { compileStyle, markScopes } from "../src/build/styles.mjs";
import { placeInScope } from "../src/runtime/framework/styles.js";
import { mediaFor } from "../src/runtime/framework/theme.js";
import { convertUnits } from "../src/runtime/framework/units.js";
import { readQuery, readUrl } from "../src/runtime/pages/urls.js";

describe("units", () => {
  for (const [given, wanted] of [
    ["10rpx", "calc(10 * 100vw / 750)"],
    ["-1.5rpx .5rpx", "calc(-1.5 * 100vw / 750) calc(.5 * 100vw / 750)"],
    ["calc(100vh - 2rpx)", "calc(calc(100 * var(--wx-vh)) - calc(2 * 100vw / 750))"],
    ["url(a1rpx.png)", "url(a1rpx.png)"],
    ["10px 2em", "10px 2em"],
  ]) {
    test(given, () => assert.equal(convertUnits(given), wanted));
  }
});

describe("selectors", () => {
  for (const [given, isShared, wanted] of [
    [".a.b > .c", false, ".pages-x--a.pages-x--b > .pages-x--c"],
    [".a", true, ".a"],
    ["page view", true, "wx-page wx-view"],
    ["button::after", true, "wx-button::after"],
    [":host", false, '[wx-host="pages-x"]'],
    ["my-card", true, "my-card"],
    ["#id", false, "#id"],
  ]) {
    test(`${given}${isShared ? " shared" : ""}`, () => {
      assert.equal(placeInScope(markScopes(given), "pages/x", isShared), wanted);
    });
  }
});

describe("addresses", () => {
  for (const [url, from, wanted] of [
    ["/a/b?x=1&y=%20", "", "a/b"],
    ["c", "a/b", "a/c"],
    ["../c/d", "a/b/e", "a/c/d"],
    ["./c", "a/b", "a/c"],
  ]) {
    test(`${url} from ${from}`, () => assert.equal(readUrl(url, from).path, wanted));
  }
  test("values stay encoded, as WeChat gives them", () => {
    assert.deepEqual(readQuery("scene=a%3Db&empty=&bare&text=a=b"), {
      scene: "a%3Db",
      empty: "",
      bare: "",
      text: "a=b",
    });
  });
});

describe("a folder", () => {
  let folder;
  const write = (name, content) => {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(
      path.join(folder, name),
      typeof content === "string" ? content : JSON.stringify(content),
    );
  };
  const make = () => bundle({ folder, out: path.join(folder, "out") });
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "wxrun-test-"));
    write("app.json", { pages: ["p/a"] });
    write("app.js", "App({})");
    write("p/a.js", "Page({})");
    write("p/a.wxml", "<view/>");
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  test("makes the three files and copies pictures", async () => {
    write("p/dot.png", "x");
    assert.deepEqual(await make(), { pages: 1, components: 0 });
    for (const file of ["index.html", "app.js", "style.css", "p/dot.png"])
      assert.ok(fs.existsSync(path.join(folder, "out", file)), file);
  });

  const refused = {
    "a missing page": [() => fs.rmSync(path.join(folder, "p/a.js")), /p\/a\.js is missing/],
    "a missing component": [
      () => write("p/a.json", { usingComponents: { x: "../c/x" } }),
      /c\/x\.js is missing/,
    ],
    "broken markup": [
      () => write("p/a.wxml", '<view>\n<text a="{{ b c }}"/></view>'),
      /p\/a\.wxml:2:\d+:/,
    ],
    "an open tag": [() => write("p/a.wxml", "<view><text></view>"), /missing end tag/],
    "a missing script": [
      () => write("p/a.wxml", '<wxs module="m" src="./m.wxs"/>'),
      /p\/m\.wxs is missing/,
    ],
    "a component the runtime lacks": [() => write("p/a.wxml", "<map/>"), /no <map>/],
    "broken JSON": [() => write("p/a.json", "{"), /p\/a\.json/],
    "no app.json": [() => fs.rmSync(path.join(folder, "app.json")), /no app\.json/],
  };
  for (const [what, [spoil, words]] of Object.entries(refused)) {
    test(`${what} is refused by name`, async () => {
      spoil();
      await assert.rejects(
        make(),
        (error) => error instanceof SourceError && words.test(error.message),
      );
    });
  }

  test("a tag in a comment, or a component of that name, is no lack", async () => {
    write("p/a.wxml", "<!-- <map/> --><map/>");
    write("p/a.json", { usingComponents: { map: "./map" } });
    write("p/map.js", "Component({})");
    write("p/map.wxml", "<view/>");
    await make();
  });

  test("styles are imported once, and local pictures found from their own folder", () => {
    write("s/base.wxss", "@import './base.wxss'; .b { background: url(dot.png) }");
    write("p/a.wxss", "@import '../s/base.wxss'; .a { background: url('data:x') }");
    const css = compileStyle(new Source(folder), "p/a");
    assert.match(css, /wxscope__b/);
    assert.match(css, /url\('data:x'\)/);
    assert.match(css, /url\(p\/dot\.png\)/);
  });

  test("references from miniprogram_npm and from the root", () => {
    write("miniprogram_npm/lib/card.json", {});
    const source = new Source(folder);
    assert.equal(source.resolve("p/a", "lib/card"), "miniprogram_npm/lib/card");
    assert.equal(source.resolve("p/a", "/c/d"), "c/d");
    assert.equal(source.resolve("p/a", "./d"), "p/d");
  });
});

test("every built-in component has its class, and none is also known to lack", () => {
  const file = path.join(import.meta.dirname, "../src/runtime/components/index.js");
  const classes = fs.readFileSync(file, "utf8").replaceAll('"', "");
  for (const name of BUILT_IN) assert.ok(classes.includes(`  ${name}: `), name);
  assert.deepEqual(
    BUILT_IN.filter((name) => MISSING.includes(name)),
    [],
  );
});

test("media queries follow a theme that is not the browser's", () => {
  const query = "@media screen and (prefers-color-scheme: dark)";
  assert.equal(mediaFor(query, "dark"), "@media screen and (min-width: 0px)");
  assert.equal(mediaFor(query, "light"), "@media screen and (max-width: -1px)");
});
