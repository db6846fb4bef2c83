import { runtime } from "../shared.js";
import { AddressBar } from "./address-bar.js";
import { Page } from "./page.js";
import { Failure } from "../wx/settle.js";
import { readUrl } from "./urls.js";

const MOST_PAGES = 10;

/** A navigation that WeChat refuses. */
export class Refusal extends Failure {}

/** The open pages. The one on top is seen; pages of the tab bar stay alive below. */
export class PageStack {
  /**
   * @param {import('../framework/space.js').Space} space
   * @param {import('../framework/styles.js').StyleSheets} sheets
   */
  constructor(space, sheets) {
    this.space = space;
    this.sheets = sheets;
    /** @type {Page[]} */
    this.open = [];
    /** @type {Map<string, Page>} */
    this.tabs = new Map();
    this.bar = new AddressBar((depth) => this.#browserWentBack(depth));
  }

  get top() {
    return this.open[this.open.length - 1];
  }

  read(/** @type {string} */ url) {
    return readUrl(url, this.top?.path ?? "");
  }

  exists(/** @type {string} */ path) {
    return runtime.program.packages.some((/** @type {any} */ each) => each.pages.includes(path));
  }

  isTab(/** @type {string} */ path) {
    return runtime.frame.tabPages.includes(path);
  }

  navigateTo(/** @type {string} */ url) {
    const address = this.#known(url);
    if (this.isTab(address.path)) throw new Refusal("can not navigateTo a tabbar page");
    if (this.open.length >= MOST_PAGES) throw new Refusal("webview count limit exceed");
    this.top?.hide();
    return this.#push(address);
  }

  redirectTo(/** @type {string} */ url) {
    const address = this.#known(url);
    if (this.isTab(address.path)) throw new Refusal("can not redirectTo a tabbar page");
    this.#closeTop();
    return this.#push(address);
  }

  reLaunch(/** @type {string} */ url) {
    const address = this.#known(url);
    while (this.open.length) this.#closeTop();
    for (const page of this.tabs.values()) page.close();
    this.tabs.clear();
    return this.#push(address);
  }

  switchTab(/** @type {string} */ url) {
    const { path } = this.#known(url);
    if (!this.isTab(path)) throw new Refusal("can not switch to no-tabBar page");
    if (this.top?.path === path) return this.top;
    while (this.top && !this.isTab(this.top.path)) this.#closeTop();
    this.open.pop()?.hide();
    const kept = this.tabs.get(path);
    if (!kept) return this.#push({ path, query: {}, search: "" });
    this.open.push(kept);
    this.#revealTop();
    return kept;
  }

  navigateBack(delta = 1) {
    if (this.open.length < 2) throw new Refusal("cannot navigate back at first page.");
    this.#backTo(Math.max(1, this.open.length - Math.max(1, delta)));
  }

  /** Brings the bars in line with the page on top. */
  dress() {
    if (this.top) runtime.frame.dress(this.top, this.open.length > 1);
  }

  #backTo(/** @type {number} */ depth) {
    while (this.open.length > depth) this.#closeTop();
    this.#revealTop();
  }

  #browserWentBack(/** @type {number} */ depth) {
    if (depth < this.open.length) this.#backTo(depth);
  }

  /** @param {string} url */
  #known(url) {
    const address = this.read(url);
    if (!this.exists(address.path)) {
      throw new Refusal(
        `page "${address.search ? `${address.path}?${address.search}` : address.path}" is not found`,
      );
    }
    return address;
  }

  #push(/** @type {{ path: string, query: Record<string, string>, search: string }} */ address) {
    runtime.application.loadPackageOf(address.path);
    const page = new Page(this.space, address);
    this.open.push(page);
    if (this.isTab(page.path)) this.tabs.set(page.path, page);
    this.sheets.show(this.space, page.path);
    this.dress();
    page.open(runtime.frame.viewport);
    this.#tellAddress();
    return page;
  }

  #revealTop() {
    this.sheets.show(this.space, this.top.path);
    this.dress();
    this.top.show();
    this.top.restoreScroll();
    this.#tellAddress();
  }

  #closeTop() {
    const page = this.open.pop();
    if (page) this.tabs.delete(page.path);
    page?.close();
  }

  #tellAddress() {
    this.bar.follow(this.open.length, this.top.address);
  }
}
