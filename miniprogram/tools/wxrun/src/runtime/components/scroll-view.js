import { make, WxElement } from "./base.js";

/** An area that scrolls by itself. */
export class WxScrollView extends WxElement {
  build() {
    this.wasAt = { top: 0, left: 0, atEnd: false, atStart: true };
    this.addEventListener("scroll", () => this.#scrolled());
  }

  connectedCallback() {
    queueMicrotask(() => this.#place());
  }

  changed(/** @type {string} */ name, /** @type {any} */ value) {
    if (["scrollTop", "scrollLeft", "scrollIntoView"].includes(name))
      queueMicrotask(() => this.#place(name));
    if (name === "refresherTriggered") this.#showRefresher(Boolean(value));
    if (name === "scrollX" || name === "scrollY" || name === "enableFlex")
      this.mark(name.toLowerCase(), this.is(name));
  }

  /** Called by tests through `wxrun.refresh`: what pulling the list down does. */
  pull() {
    if (!this.is("refresherEnabled")) throw new Error("this scroll-view has no refresher-enabled");
    this.#showRefresher(true);
    this.emit("refresherpulling", { dy: 45 });
    this.emit("refresherrefresh", { dy: 45 });
  }

  #showRefresher(/** @type {boolean} */ isShown) {
    if (isShown === Boolean(this.refresher)) return;
    if (isShown) {
      this.refresher = make("div", "wx-refresher", {
        role: "progressbar",
        "aria-label": "正在刷新",
      });
      this.before(this.refresher);
      return;
    }
    this.refresher?.remove();
    this.refresher = undefined;
    this.emit("refresherrestore", { dy: 0 });
  }

  #place(/** @type {string} */ name = "") {
    const { scrollTop, scrollLeft, scrollIntoView } = this.props;
    const behavior = this.is("scrollWithAnimation") ? "smooth" : "instant";
    if (scrollIntoView && (!name || name === "scrollIntoView"))
      return this.#bringIntoView(String(scrollIntoView), behavior);
    if (name === "scrollIntoView") return;
    const isSet = (/** @type {any} */ value) =>
      value !== undefined && value !== "" && value !== false;
    if (isSet(scrollTop)) this.scrollTo({ top: Number(scrollTop), behavior });
    if (isSet(scrollLeft)) this.scrollTo({ left: Number(scrollLeft), behavior });
  }

  #bringIntoView(/** @type {string} */ id, /** @type {any} */ behavior) {
    const target = this.querySelector(`#${CSS.escape(id)}`);
    if (!target) return;
    const to = target.getBoundingClientRect();
    const here = this.getBoundingClientRect();
    const top = this.is("scrollY") ? this.scrollTop + to.top - here.top : this.scrollTop;
    const left = this.is("scrollX") ? this.scrollLeft + to.left - here.left : this.scrollLeft;
    this.scrollTo({ top, left, behavior });
  }

  #scrolled() {
    const { scrollTop, scrollLeft, scrollHeight, scrollWidth, clientHeight, clientWidth } = this;
    const before = this.wasAt;
    const isDown = this.is("scrollY");
    const offset = isDown ? scrollTop : scrollLeft;
    const rest = isDown
      ? scrollHeight - clientHeight - scrollTop
      : scrollWidth - clientWidth - scrollLeft;
    const atEnd = rest <= this.#distance("lowerThreshold");
    const atStart = offset <= this.#distance("upperThreshold");
    this.wasAt = { top: scrollTop, left: scrollLeft, atEnd, atStart };
    const [deltaY, deltaX] = [before.top - scrollTop, before.left - scrollLeft];
    this.emit("scroll", { scrollTop, scrollLeft, scrollHeight, scrollWidth, deltaX, deltaY });
    if (atEnd && !before.atEnd)
      this.emit("scrolltolower", { direction: isDown ? "bottom" : "right" });
    if (atStart && !before.atStart)
      this.emit("scrolltoupper", { direction: isDown ? "top" : "left" });
  }

  #distance(/** @type {string} */ name) {
    const value = String(this.props[name] || 50);
    return value.endsWith("rpx") ? (parseFloat(value) * innerWidth) / 750 : parseFloat(value);
  }
}
