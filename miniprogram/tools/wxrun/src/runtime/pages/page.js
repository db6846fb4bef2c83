import { make } from "../components/base.js";
import { withTheme } from "../framework/theme.js";
import { runtime } from "../shared.js";
import { device } from "../wx/device-state.js";
import { EventChannel } from "./event-channel.js";
import { watchScrolling } from "./scrolling.js";

let lastId = 0;

/** A page on the stack: its components, its scroll position, its bars. */
export class Page {
  /**
   * @param {import('../framework/space.js').Space} space
   * @param {{ path: string, query: Record<string, string>, search: string }} address
   */
  constructor(space, { path, query, search }) {
    this.id = ++lastId;
    this.path = path;
    this.query = query;
    this.search = search;
    this.settings = { ...runtime.program.app.window, ...space.parts.get(path)?.config };
    this.rootFontSize = "";
    this.channel = new EventChannel();
    this.scroller = make("div", "wx-scroller", { "data-page": path });
    this.isRefreshing = false;
    /** What the page itself changed about its bars. @type {Record<string, string>} */
    this.barChanges = {};
    this.followTheme();
    this.root = space.backend.createRoot("wx-page", space.code, path);
    this.instance = /** @type {any} */ (this.root.get());
    Object.assign(this.instance, {
      route: path,
      options: query,
      getPageId: () => this.id,
      getOpenerEventChannel: () => this.channel,
    });
  }

  /** Reads the page's settings in the colours of the theme. */
  followTheme() {
    this.config = withTheme(this.settings, runtime.program.themes, device.theme);
    this.bar = {
      title: this.config.navigationBarTitleText ?? "",
      background: this.config.navigationBarBackgroundColor ?? "#000000",
      front: this.config.navigationBarTextStyle === "black" ? "#000000" : "#ffffff",
      pageBackground: this.config.backgroundColor ?? "#ffffff",
      ...this.barChanges,
    };
  }

  get address() {
    return this.search ? `${this.path}?${this.search}` : this.path;
  }

  get component() {
    return /** @type {any} */ (this.root.getComponent());
  }

  /** Builds the page in its area and tells it so. */
  open(/** @type {HTMLElement} */ viewport) {
    const place = make("div");
    this.scroller.append(place);
    viewport.append(this.scroller);
    watchScrolling(this);
    this.scroller.addEventListener("wxpagemeta", (event) =>
      this.#takeMeta(/** @type {CustomEvent} */ (event).detail),
    );
    this.root.attach(/** @type {any} */ (this.scroller), /** @type {any} */ (place));
    this.call("onLoad", this.query);
    this.show();
    // Components become ready in a microtask that was queued when they were attached.
    queueMicrotask(() => this.call("onReady"));
  }

  show() {
    this.scroller.hidden = false;
    this.component.triggerPageLifetime("show", []);
    this.call("onShow");
  }

  hide() {
    this.component.triggerPageLifetime("hide", []);
    this.call("onHide");
    this.keptScroll = this.scroller.scrollTop;
    this.scroller.hidden = true;
  }

  restoreScroll() {
    if (this.keptScroll !== undefined) this.scroller.scrollTop = this.keptScroll;
  }

  close() {
    this.call("onUnload");
    this.root.release();
    this.scroller.remove();
  }

  /** Calls one of the page's own functions; an error is shown, and does not stop the runtime. */
  call(/** @type {string} */ name, /** @type {any[]} */ ...args) {
    try {
      return this.instance[name]?.(...args);
    } catch (error) {
      runtime.application.fail(error);
      return undefined;
    }
  }

  has(/** @type {string} */ name) {
    return typeof this.instance[name] === "function";
  }

  #takeMeta(/** @type {{ rootFontSize: string, scrollTop: any }} */ { rootFontSize, scrollTop }) {
    this.rootFontSize = rootFontSize === "system" ? "" : rootFontSize;
    if (scrollTop !== undefined && scrollTop !== "")
      this.scroller.scrollTop = parseFloat(scrollTop);
    if (runtime.pages.top === this) runtime.pages.dress();
  }
}
