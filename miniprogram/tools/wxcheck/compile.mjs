// Compiles a WeChat build with WeChat's own compiler, offline: broken WXML, WXSS or JS, a missing
// page or a missing component fails here as it would at the upload.
//   node compile.mjs <mp-weixin folder>        exit code 0: it compiles; 1: it does not; 2: wrong use
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createRequire } from "node:module";
import { describeProblem } from "./problems.mjs";

/** The compiler leaves an empty folder in the working directory, so it gets one of its own. */
async function inScratchFolder(work) {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "wxcheck-"));
  const before = process.cwd();
  process.chdir(scratch);
  try {
    return await work();
  } finally {
    process.chdir(before);
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

/** The compiler tells of its own steps and of its attempts to reach WeChat; only errors matter. */
async function quietly(work) {
  const { log, warn, error } = console;
  Object.assign(console, { log() {}, warn() {}, error() {} });
  try {
    return await work();
  } finally {
    Object.assign(console, { log, warn, error });
  }
}

/** The compiler with its one question to WeChat's servers answered from the list it brings along. */
function loadCompiler() {
  const require = createRequire(import.meta.url);
  const kinds = require("miniprogram-ci/dist/utils/white_ext_list.js");
  const { GameWhiteList, MiniProgramWhiteList } = kinds;
  kinds.getWhiteExtList = async () => ({
    GameWhiteList: new Set(GameWhiteList),
    MiniProgramWhiteList: new Set(MiniProgramWhiteList),
  });
  return require("miniprogram-ci");
}

/** @param {string} folder @returns {Promise<{ files: number, bytes: number }>} */
async function compile(folder) {
  const ci = loadCompiler();
  const project = new ci.Project({
    appid: "wx0000000000000000",
    type: "miniProgram",
    projectPath: folder,
    privateKey: "unused: nothing is uploaded",
    ignores: ["node_modules/**/*"],
    // Without this the compiler asks WeChat's servers what the account may do.
    attr: async () => ci.DefaultProjectAttr,
  });
  const compiled = await ci.getCompiledResult({
    project,
    version: "0",
    desc: "",
    setting: { es6: true, minify: true },
    onProgressUpdate() {},
  });
  const contents = Object.values(compiled);
  return {
    files: contents.length,
    bytes: contents.reduce((sum, content) => sum + Buffer.byteLength(content), 0),
  };
}

async function main([folder]) {
  if (!folder || !fs.existsSync(path.join(folder, "app.json"))) {
    console.error("usage: node compile.mjs <mp-weixin folder, the one with app.json>");
    return 2;
  }
  const root = path.resolve(folder);
  try {
    const { files, bytes } = await quietly(() => inScratchFolder(() => compile(root)));
    console.log(`WeChat's compiler: ${files} files, ${(bytes / 1024).toFixed(1)} KB`);
    return 0;
  } catch (error) {
    console.error(describeProblem(error, root));
    return 1;
  }
}

// The compiler's worker would keep the process alive for ever.
process.exit(await main(process.argv.slice(2)));
