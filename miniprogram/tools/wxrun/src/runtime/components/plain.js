import { make, WxElement } from "./base.js";

export class WxView extends WxElement {}

export class WxCoverView extends WxElement {}

/** Text with its line breaks; spaces and entities as the attributes ask for. */
export class WxText extends WxElement {}

/** Shows its content where it stands: the page is one document, so nothing has to be moved. */
export class WxRootPortal extends WxElement {
  changed(/** @type {string} */ name, /** @type {any} */ value) {
    if (name === "enable") this.mark("disabled", value === false);
  }
}

const ICONS = {
  success: "✓",
  success_no_circle: "✓",
  info: "i",
  warn: "!",
  waiting: "…",
  cancel: "×",
  download: "↓",
  search: "⌕",
  clear: "×",
  circle: "",
};

export class WxIcon extends WxElement {
  static role = "img";

  changed() {
    const { type, size = 23, color } = this.props;
    this.textContent = ICONS[/** @type {keyof typeof ICONS} */ (type)] ?? "";
    this.style.setProperty(
      "--wx-icon-size",
      /^\d+$/.test(String(size)) ? `${size}px` : String(size),
    );
    this.style.setProperty("--wx-icon-color", color || "");
  }
}

export class WxProgress extends WxElement {
  static role = "progressbar";

  build() {
    this.mark("aria-valuemin", 0);
    this.mark("aria-valuemax", 100);
    this.bar = this.appendChild(make("div", "wx-progress-bar")).appendChild(
      make("div", "wx-progress-inner"),
    );
    this.label = this.appendChild(make("div", "wx-progress-label"));
  }

  changed() {
    const percent = Math.min(100, Math.max(0, Number(this.props.percent) || 0));
    this.mark("aria-valuenow", percent);
    this.bar.style.width = `${percent}%`;
    this.bar.style.background = this.props.activeColor || this.props.color || "";
    this.bar.parentElement.style.height = `${Number(this.props.strokeWidth) || 6}px`;
    this.label.textContent = this.is("showInfo") ? `${percent}%` : "";
  }
}

/** Sets what belongs to the page as a whole. */
export class WxPageMeta extends WxElement {
  connectedCallback() {
    this.apply();
  }

  changed() {
    if (this.isConnected) this.apply();
  }

  apply() {
    const page = this.closest("wx-page");
    if (!(page instanceof HTMLElement)) return;
    const { pageStyle = "", rootFontSize = "", backgroundColor = "", scrollTop } = this.props;
    page.setAttribute("style", String(pageStyle));
    if (backgroundColor) page.style.backgroundColor = backgroundColor;
    page
      .closest(".wx-scroller")
      ?.dispatchEvent(new CustomEvent("wxpagemeta", { detail: { rootFontSize, scrollTop } }));
  }
}
