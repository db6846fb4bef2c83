import { locateFile } from "../wx/files-store.js";
import { make, WxElement } from "./base.js";

const FITS = {
  scaleToFill: ["fill", ""],
  aspectFit: ["contain", ""],
  aspectFill: ["cover", ""],
  widthFix: ["fill", ""],
  heightFix: ["fill", ""],
};

export class WxImage extends WxElement {
  build() {
    this.picture = /** @type {HTMLImageElement} */ (make("img", "wx-image-picture", { alt: "" }));
    this.picture.addEventListener("load", () => {
      const { naturalWidth: width, naturalHeight: height } = this.picture;
      this.emit("load", { width, height });
    });
    this.picture.addEventListener("error", () => {
      this.emit("error", { errMsg: `GET ${this.props.src} failed` });
    });
    this.append(this.picture);
  }

  /** Its description belongs on the picture; without one the picture is decoration. */
  get accessible() {
    return /** @type {any} */ ({
      setAttribute: (/** @type {string} */ name, /** @type {string} */ value) => {
        if (name === "role" && value === "img") return;
        if (name === "aria-label") this.picture.alt = value;
        else this.mark(name, value);
      },
      removeAttribute: (/** @type {string} */ name) => {
        if (name === "aria-label") this.picture.alt = "";
        else this.mark(name, false);
      },
    });
  }

  changed(/** @type {string} */ name, /** @type {any} */ value) {
    if (name === "lazyLoad") this.picture.loading = value ? "lazy" : "eager";
    if (name === "mode") this.#fit(value || "scaleToFill");
    // Attributes come one by one; the picture is fetched when lazy-load is known as well.
    if (name === "src") queueMicrotask(() => this.#load());
  }

  #load() {
    const address = this.props.src ? locateFile(String(this.props.src)) : "";
    if (!address) this.picture.removeAttribute("src");
    else if (this.picture.getAttribute("src") !== address) this.picture.src = address;
  }

  #fit(/** @type {string} */ mode) {
    const [fit, position] = FITS[/** @type {keyof typeof FITS} */ (mode)] ?? ["none", mode];
    this.picture.style.objectFit = fit;
    this.picture.style.objectPosition = position;
  }
}
