import { runtime } from "../shared.js";
import { Failure, settle } from "./settle.js";

const go =
  (/** @type {string} */ api, /** @type {(options: any) => any} */ work) =>
  (/** @type {any} */ options = {}) =>
    settle(api, options, () => work(options));

export const navigateTo = go("navigateTo", ({ url, events = {} }) => {
  const { channel } = runtime.pages.navigateTo(url);
  for (const [name, listener] of Object.entries(events))
    channel.on(name, /** @type {any} */ (listener));
  return { eventChannel: channel };
});
export const redirectTo = go("redirectTo", ({ url }) => void runtime.pages.redirectTo(url));
export const reLaunch = go("reLaunch", ({ url }) => void runtime.pages.reLaunch(url));
export const switchTab = go("switchTab", ({ url }) => void runtime.pages.switchTab(url));
export const navigateBack = go(
  "navigateBack",
  ({ delta = 1 }) => void runtime.pages.navigateBack(delta),
);

function setBar(/** @type {Record<string, any>} */ change) {
  Object.assign(runtime.pages.top.barChanges, change);
  runtime.pages.top.followTheme();
  runtime.pages.dress();
}
export const setNavigationBarTitle = go("setNavigationBarTitle", ({ title }) => setBar({ title }));
export const setNavigationBarColor = go(
  "setNavigationBarColor",
  ({ frontColor, backgroundColor }) => {
    if (!["#ffffff", "#000000"].includes(frontColor))
      throw new Failure(`invalid frontColor "${frontColor}"`);
    setBar({ front: frontColor, background: backgroundColor });
  },
);
export const setBackgroundColor = go("setBackgroundColor", ({ backgroundColor }) =>
  setBar(backgroundColor ? { pageBackground: backgroundColor } : {}),
);
/** Only the dots of the pull-down and the loading mark of the bar, which are not drawn. */
export const setBackgroundTextStyle = go("setBackgroundTextStyle", () => {});
export const showNavigationBarLoading = go("showNavigationBarLoading", () => {});
export const hideNavigationBarLoading = go("hideNavigationBarLoading", () => {});

export const startPullDownRefresh = go("startPullDownRefresh", () => {
  runtime.pages.top.isRefreshing = true;
  runtime.pages.top.call("onPullDownRefresh");
});
export const stopPullDownRefresh = go("stopPullDownRefresh", () => {
  runtime.pages.top.isRefreshing = false;
});

export const pageScrollTo = go(
  "pageScrollTo",
  ({ scrollTop, selector, offsetTop = 0, duration = 300 }) => {
    const { scroller, component } = runtime.pages.top;
    const target =
      selector && component.getShadowRoot().querySelector(selector)?.getBackendElement();
    if (selector && !target)
      throw new Failure(`can not find the element by selector "${selector}"`);
    const top = target
      ? scroller.scrollTop + target.getBoundingClientRect().top - runtime.frame.top + offsetTop
      : scrollTop;
    scroller.scrollTo({ top, behavior: duration ? "smooth" : "instant" });
  },
);

function tabAt(/** @type {number} */ index) {
  const tab = /** @type {HTMLElement | undefined} */ (runtime.frame.tabs.children[index]);
  if (!tab) throw new Failure("tabbar item not found");
  return tab;
}
export const setTabBarBadge = go(
  "setTabBarBadge",
  ({ index, text }) => void (tabAt(index).dataset.badge = text),
);
export const removeTabBarBadge = go(
  "removeTabBarBadge",
  ({ index }) => void delete tabAt(index).dataset.badge,
);
export const showTabBarRedDot = go(
  "showTabBarRedDot",
  ({ index }) => void (tabAt(index).dataset.badge = ""),
);
export const hideTabBarRedDot = go(
  "hideTabBarRedDot",
  ({ index }) => void delete tabAt(index).dataset.badge,
);
