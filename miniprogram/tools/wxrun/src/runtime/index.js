import { Application } from "./application.js";
import { defineComponents } from "./components/index.js";
import { Gestures } from "./framework/gestures.js";
import { patchFramework, Space } from "./framework/space.js";
import { StyleSheets } from "./framework/styles.js";
import { installHooks } from "./hooks.js";
import { Frame } from "./pages/frame.js";
import { PageStack } from "./pages/stack.js";
import { runtime } from "./shared.js";
import { changeTheme } from "./theme-change.js";
import { device, onBrowserTheme } from "./wx/device-state.js";
import { makeWx } from "./wx/index.js";

/** Starts the mini-program that the bundle describes. */
function start(/** @type {any} */ program) {
  defineComponents();
  const space = new Space(program);
  const application = new Application(space, program.packages);
  const wx = makeWx();
  const frame = new Frame(
    program.app,
    (url) => wx.switchTab({ url }),
    () => wx.navigateBack(),
  );
  Object.assign(runtime, { program, application, wx, frame });
  runtime.pages = new PageStack(space, new StyleSheets(program.appStyle));
  runtime.pages.sheets.follow(device.chosenTheme);
  onBrowserTheme(changeTheme);
  patchFramework((error) => application.fail(error));
  Object.assign(globalThis, {
    wx,
    getCurrentPages: () => runtime.pages.open.map((page) => page.instance),
    getRegExp: (/** @type {string} */ pattern, /** @type {string} */ flags) =>
      new RegExp(pattern, flags),
    getDate: (/** @type {any[]} */ ...parts) => new Date(.../** @type {[]} */ (parts)),
    requirePlugin: (/** @type {string} */ name) => {
      throw new Error(`wxrun: plugins are not implemented (${name})`);
    },
  });
  space.installGlobals();
  application.install();
  installHooks();
  new Gestures({
    top: () => frame.top,
    scrollTop: () => runtime.pages.top?.scroller.scrollTop ?? 0,
  }).listen();
  application.start();
  openEntry(application);
}

/** The app may already have opened a page of its own. */
function openEntry(/** @type {Application} */ { entry, pageNotFound }) {
  if (runtime.pages.open.length) return;
  if (runtime.pages.exists(entry.path))
    runtime.pages.reLaunch(entry.search ? `/${entry.path}?${entry.search}` : `/${entry.path}`);
  else pageNotFound.call(runtime.application);
  if (!runtime.pages.open.length) setTimeout(complainIfEmpty);
}

function complainIfEmpty() {
  const { path } = runtime.application.entry;
  if (!runtime.pages.open.length)
    throw new Error(`wxrun: page "${path}" is not found, and App.onPageNotFound opened no other`);
}

start(/** @type {any} */ (globalThis).__wxrunProgram);
