import { make } from "../components/base.js";
import { overlay } from "./sheets.js";

const STATUS_BAR = 20;
const TITLE_BAR = 44;

/** The phone around the page: status bar, navigation bar, the page's area, tab bar, WeChat's menu. */
export class Frame {
  constructor(
    /** @type {Record<string, any>} */ app,
    /** @type {(url: string) => void} */ switchTab,
    /** @type {() => void} */ goBack,
  ) {
    this.app = app;
    this.status = make("div", "wx-status");
    this.back = make("button", "wx-back", { "aria-label": "返回" });
    this.title = make("div", "wx-title");
    this.bar = make("div", "wx-bar", { role: "banner" });
    this.bar.append(this.back, this.title);
    this.viewport = make("div", "wx-viewport");
    this.tabs = make("div", "wx-tabs", { role: "tablist" });
    this.menu = make("div", "wx-menu", { "aria-hidden": "true" });
    this.menu.innerHTML = "<span>•••</span><span>◉</span>";
    const window = make("div", "wx-window");
    window.append(this.status, this.bar, this.viewport, this.tabs);
    document.body.append(window, this.menu, overlay);
    this.back.addEventListener("click", goBack);
    this.#drawTabs(switchTab);
    new ResizeObserver(() => this.measure()).observe(this.viewport);
  }

  /** Sets up the bars for the page on top. @param {import('./page.js').Page} page @param {boolean} canGoBack */
  dress(page, canGoBack) {
    const { config, bar } = page;
    const isCustom = config.navigationStyle === "custom";
    this.status.hidden = isCustom;
    this.bar.hidden = isCustom;
    this.back.hidden = !canGoBack;
    this.title.textContent = bar.title;
    document.title = bar.title;
    for (const element of [this.status, this.bar]) {
      element.style.background = bar.background;
      element.style.color = bar.front;
    }
    this.viewport.style.background = bar.pageBackground;
    document.documentElement.style.fontSize = page.rootFontSize;
    this.#selectTab(page.path);
    this.measure();
  }

  /** The page's height is a unit of its styles (100vh). */
  measure() {
    document.documentElement.style.setProperty("--wx-vh", `${this.viewport.clientHeight / 100}px`);
  }

  /** Where the page's area begins in the window. */
  get top() {
    return this.viewport.getBoundingClientRect().top;
  }

  get statusBarHeight() {
    return STATUS_BAR;
  }

  get titleBarHeight() {
    return TITLE_BAR;
  }

  get tabPages() {
    return /** @type {any[]} */ (this.app.tabBar?.list ?? []).map((each) => each.pagePath);
  }

  #drawTabs(/** @type {(url: string) => void} */ switchTab) {
    for (const { pagePath, text, iconPath } of this.app.tabBar?.list ?? []) {
      const tab = make("button", "wx-tab", { role: "tab", "data-page": pagePath });
      if (iconPath) tab.append(make("img", "", { src: iconPath, alt: "" }));
      tab.append(text);
      tab.addEventListener("click", () => switchTab(`/${pagePath}`));
      this.tabs.append(tab);
    }
  }

  #selectTab(/** @type {string} */ path) {
    this.tabs.hidden = !this.tabPages.includes(path);
    for (const tab of /** @type {Iterable<HTMLElement>} */ (this.tabs.children)) {
      tab.setAttribute("aria-selected", String(tab.dataset.page === path));
    }
  }
}
