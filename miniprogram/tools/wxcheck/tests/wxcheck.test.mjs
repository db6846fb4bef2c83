import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { printTable, weighPackages } from "../sizes.mjs";

const TOOL = path.join(import.meta.dirname, "..");
const isInstalled = fs.existsSync(path.join(TOOL, "node_modules/miniprogram-ci"));
const compiling = { skip: isInstalled ? false : "npm ci was not run" };
let folder;

const write = (name, content) => {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
};
const run = (script) =>
  spawnSync(process.execPath, [path.join(TOOL, script), folder], { encoding: "utf8", cwd: folder });

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "wxcheck-test-"));
  write("project.config.json", { appid: "touristappid", compileType: "miniprogram" });
  write("app.json", { pages: ["pages/a/a"], subPackages: [{ root: "sub", pages: ["b/b"] }] });
  write("app.js", "App({})");
  for (const page of ["pages/a/a", "sub/b/b"]) {
    write(`${page}.wxml`, "<view>你好</view>");
    write(`${page}.js`, "Page({})");
    write(`${page}.json`, {});
  }
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

test("a sound build compiles and leaves nothing behind", compiling, () => {
  const before = fs.readdirSync(folder);
  const { status, stdout } = run("compile.mjs");
  assert.equal(status, 0);
  assert.match(stdout, /\d+ files/);
  assert.deepEqual(fs.readdirSync(folder), before);
});

const broken = {
  "an open tag": ["pages/a/a.wxml", "<view><text></view>", /a\.wxml/],
  "a broken script": ["pages/a/a.js", "Page({", /a\.js/],
  "a broken style": ["pages/a/a.wxss", ".a { color: ", /a\.wxss/],
  "a missing component": ["pages/a/a.json", { usingComponents: { card: "/card/card" } }, /card/],
};
for (const [what, [file, content, words]] of Object.entries(broken)) {
  test(`${what} is refused by name`, compiling, () => {
    write(file, content);
    const { status, stderr } = run("compile.mjs");
    assert.equal(status, 1);
    assert.match(stderr, words);
    assert.ok(!stderr.includes(folder), "no path of this machine");
  });
}

test("a missing page is refused by name", compiling, () => {
  fs.rmSync(path.join(folder, "sub/b/b.wxml"));
  const { status, stderr } = run("compile.mjs");
  assert.equal(status, 1);
  assert.match(stderr, /sub\/b\/b/);
});

test("packages are weighed apart", () => {
  write("sub/picture.png", "x".repeat(2000));
  write("common/vendor.js", "y".repeat(5000));
  const [main, sub] = weighPackages(folder);
  assert.deepEqual([main.name, sub.name], ["main", "sub"]);
  assert.ok(main.bytes >= 5000 && main.bytes < 7000);
  assert.ok(sub.bytes >= 2000 && sub.bytes < 3000);
});

test("a package over its budget fails and says which", () => {
  write("sub/big.js", "x".repeat(1024 * 1024));
  const { status, stdout } = run("budgets.mjs");
  assert.equal(status, 1);
  assert.match(stdout, /^sub .* over$/m);
  assert.match(printTable(weighPackages(folder)), /^main .*%$/m);
});

test("a folder without app.json is wrong use", () => {
  fs.rmSync(path.join(folder, "app.json"));
  assert.equal(run("budgets.mjs").status, 2);
  assert.equal(run("compile.mjs").status, 2);
});
