import { launch, reportLater } from "./shared.js";
import { readQuery } from "./pages/urls.js";

/** The app itself: App(), its life, and the scripts of its packages. */
export class Application {
  /** @param {import('./framework/space.js').Space} space @param {any[]} packages */
  constructor(space, packages) {
    this.space = space;
    this.packages = packages;
    this.instance = /** @type {Record<string, any>} */ ({});
    this.loaded = new Set();
    this.listeners = /** @type {Record<string, Set<(value: any) => void>>} */ ({
      show: new Set(),
      hide: new Set(),
      error: new Set(),
      theme: new Set(),
      notFound: new Set(),
      rejection: new Set(),
    });
    this.entry = readEntry(packages[0].pages[0]);
  }

  install() {
    Object.assign(globalThis, {
      App: (/** @type {any} */ definition) => Object.assign(this.instance, definition),
      getApp: () => this.instance,
    });
  }

  start() {
    this.space.modules.app();
    this.#load(this.packages[0]);
    this.#call("onLaunch", this.entry);
    this.#show();
    document.addEventListener("visibilitychange", () =>
      document.hidden ? this.#hide() : this.#show(),
    );
    addEventListener("unhandledrejection", ({ reason, promise }) =>
      this.#tell("rejection", "onUnhandledRejection", { reason, promise }),
    );
  }

  /** A sub-package's scripts run when the first of its pages is opened. */
  loadPackageOf(/** @type {string} */ page) {
    const owner = this.packages.find((each) => each.pages.includes(page));
    if (owner) this.#load(owner);
  }

  /** An error of the mini-program: App.onError hears it, and it stays an error of the web page. */
  fail(/** @type {unknown} */ error) {
    const text = error instanceof Error ? `${error.message}\n${error.stack}` : String(error);
    this.#tell("error", "onError", text);
    reportLater(error);
  }

  changeTheme(/** @type {'light' | 'dark'} */ theme) {
    this.#tell("theme", "onThemeChange", { theme });
  }

  pageNotFound() {
    this.#tell("notFound", "onPageNotFound", { ...this.entry, isEntryPage: true });
  }

  #load(/** @type {{ pages: string[] }} */ { pages }) {
    for (const path of pages.flatMap((page) => this.space.closure(page))) {
      if (this.loaded.has(path)) continue;
      this.loaded.add(path);
      this.space.define(path);
    }
  }

  #show() {
    this.#tell("show", "onShow", this.entry);
  }

  #hide() {
    this.#tell("hide", "onHide", undefined);
  }

  #tell(/** @type {string} */ kind, /** @type {string} */ method, /** @type {any} */ value) {
    this.#call(method, value);
    for (const listener of [...this.listeners[kind]]) listener(value);
  }

  #call(/** @type {string} */ method, /** @type {any} */ value) {
    try {
      this.instance[method]?.(value);
    } catch (error) {
      if (method === "onError") reportLater(error);
      else this.fail(error);
    }
  }
}

/** How the mini-program was opened: from the hash after a reload, else from the runner's address. */
function readEntry(/** @type {string} */ firstPage) {
  const [path, search = ""] = location.hash.replace(/^#\/?/, "").split(/\?(.*)/);
  const isReload = path !== "";
  return {
    path: isReload ? path : (launch.get("path") ?? firstPage).replace(/^\//, ""),
    query: readQuery(isReload ? search : (launch.get("query") ?? "")),
    search: isReload ? search : (launch.get("query") ?? ""),
    scene: Number(launch.get("scene") ?? 1001),
    referrerInfo: {},
    apiCategory: "default",
  };
}
