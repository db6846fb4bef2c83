import { launch, notedCalls, runtime } from "./shared.js";
import { changeTheme } from "./theme-change.js";
import { device } from "./wx/device-state.js";
import { scans } from "./wx/scans.js";

/** What tests do from outside: `window.wxrun`. */
export function installHooks() {
  Object.assign(globalThis, {
    wxrun: {
      /** What the person would have noticed outside the page. */
      calls: notedCalls,
      page: () => runtime.pages.top.instance,
      pages: () => runtime.pages.open.map((page) => page.address),
      pullDown,
      refresh: (/** @type {string} */ selector) => /** @type {any} */ (find(selector)).pull(),
      share: (/** @type {'menu' | 'button'} */ from = "menu") => shareOf(from),
      shareTimeline,
      scan: (/** @type {any} */ answer) =>
        scans.push(typeof answer === "string" ? { result: answer } : answer),
      setTheme: (/** @type {'light' | 'dark'} */ theme) => {
        device.chosenTheme = theme;
        changeTheme();
      },
      setFontScale: (/** @type {number} */ scale) => {
        device.fontSizeScaleFactor = scale;
        device.fontSizeSetting = Math.round(16 * scale);
      },
      setNetwork: (/** @type {string} */ type) => device.setNetwork(type),
      setOpenid: (/** @type {string} */ openid) => launch.set("openid", openid),
      pageHeight: () =>
        innerHeight - runtime.frame.viewport.clientHeight + runtime.pages.top.scroller.scrollHeight,
    },
  });
}

function find(/** @type {string} */ selector) {
  const found = runtime.pages.top.scroller.querySelector(selector);
  if (!found) throw new Error(`no ${selector} on ${runtime.pages.top.path}`);
  return found;
}

/** Pulls the page down; settles when the page has called wx.stopPullDownRefresh. */
async function pullDown() {
  const page = runtime.pages.top;
  if (!page.config.enablePullDownRefresh)
    throw new Error(`${page.path} has no enablePullDownRefresh`);
  page.isRefreshing = true;
  page.call("onPullDownRefresh");
  for (let waited = 0; page.isRefreshing; waited += 20) {
    if (waited > 10_000) throw new Error(`${page.path} never called wx.stopPullDownRefresh`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What the page gives to be shared; null when it cannot be. */
export async function shareOf(
  /** @type {'menu' | 'button'} */ from,
  /** @type {any} */ target = undefined,
) {
  const page = runtime.pages.top;
  if (!page.has("onShareAppMessage")) return null;
  const given = (await page.call("onShareAppMessage", { from, target })) ?? {};
  const promised = given.promise ? await given.promise : {};
  const title = runtime.program.app.window?.navigationBarTitleText ?? "";
  const { promise, ...plain } = { title, path: `/${page.address}`, ...given, ...promised };
  return plain;
}

async function shareTimeline() {
  const page = runtime.pages.top;
  return page.has("onShareTimeline") ? ((await page.call("onShareTimeline")) ?? {}) : null;
}
