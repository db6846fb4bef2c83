import { make, WxElement } from "./base.js";

const SWIPE_PX = 40;

export class WxSwiperItem extends WxElement {}

/** Pages side by side (or above each other), one of which is shown. */
export class WxSwiper extends WxElement {
  build() {
    this.index = 0;
    this.attachShadow({ mode: "open" }).innerHTML =
      '<style>.track{position:absolute;inset:0;transition:transform var(--wx-swiper-ms,500ms) ease}</style><div class="track"><slot></slot></div><slot name="dots"></slot>';
    this.track = /** @type {HTMLElement} */ (this.shadowRoot?.querySelector(".track"));
    this.dots = make("div", "wx-swiper-dots", { slot: "dots", "aria-hidden": "true" });
    this.append(this.dots);
    new MutationObserver(() => this.#layOut()).observe(this, { childList: true });
    this.#followSwipes();
  }

  /** @returns {WxSwiperItem[]} */
  get items() {
    return /** @type {any} */ (
      [...this.querySelectorAll("wx-swiper-item")].filter(
        (item) => item.closest("wx-swiper") === this,
      )
    );
  }

  connectedCallback() {
    this.#layOut();
    this.#startAutoplay();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  changed(/** @type {string} */ name, /** @type {any} */ value) {
    if (name === "current") this.go(Number(value) || 0, "");
    if (name === "duration") this.style.setProperty("--wx-swiper-ms", `${value}ms`);
    if (["autoplay", "interval"].includes(name)) this.#startAutoplay();
    this.#layOut();
  }

  /** @param {number} index @param {string} source '' for the page's own wish, touch or autoplay */
  go(index, source) {
    const { items } = this;
    const last = Math.max(0, items.length - 1);
    const wrapped =
      this.is("circular") && items.length ? (index + items.length) % items.length : index;
    const target = Math.min(last, Math.max(0, wrapped));
    if (!items.length) this.index = Math.max(0, index);
    if (!items.length || target === this.index) return;
    this.index = target;
    this.#layOut();
    const detail = { current: target, currentItemId: items[target].props.itemId ?? "", source };
    this.updateModel("current", target);
    this.emit("change", detail);
    setTimeout(() => this.emit("animationfinish", detail), Number(this.props.duration ?? 500));
  }

  #layOut() {
    const axis = this.is("vertical") ? "top" : "left";
    const shown = Number(this.props.displayMultipleItems) || 1;
    const { items } = this;
    for (const [place, item] of items.entries()) {
      item.style.setProperty(axis, `${(place * 100) / shown}%`);
      item.style.setProperty(axis === "left" ? "width" : "height", `${100 / shown}%`);
    }
    const shift = `${(-this.index * 100) / shown}%`;
    this.track.style.transform = axis === "left" ? `translateX(${shift})` : `translateY(${shift})`;
    this.dots.hidden = !this.is("indicatorDots");
    this.dots.replaceChildren(
      ...items.map((_, place) =>
        make("span", place === this.index ? "wx-dot wx-dot-on" : "wx-dot"),
      ),
    );
  }

  #startAutoplay() {
    clearInterval(this.timer);
    if (!this.is("autoplay") || !this.isConnected) return;
    this.timer = setInterval(
      () => this.go(this.index + 1, "autoplay"),
      Number(this.props.interval) || 5000,
    );
  }

  #followSwipes() {
    let from = /** @type {{ x: number, y: number } | null} */ (null);
    const begin = (/** @type {number} */ x, /** @type {number} */ y) => (from = { x, y });
    const end = (/** @type {number} */ x, /** @type {number} */ y) => {
      const moved = from ? (this.is("vertical") ? y - from.y : x - from.x) : 0;
      from = null;
      if (Math.abs(moved) > SWIPE_PX) this.go(this.index + (moved < 0 ? 1 : -1), "touch");
    };
    this.addEventListener(
      "touchstart",
      ({ touches: [touch] }) => begin(touch.clientX, touch.clientY),
      { passive: true },
    );
    this.addEventListener("touchend", ({ changedTouches: [touch] }) =>
      end(touch.clientX, touch.clientY),
    );
    this.addEventListener("mousedown", (event) => {
      begin(event.clientX, event.clientY);
      // A mouse may be let go anywhere; a touch ends where it began.
      document.addEventListener("mouseup", (up) => end(up.clientX, up.clientY), { once: true });
    });
  }
}
