import { locateFile } from "../wx/files-store.js";
import { make, WxElement } from "./base.js";

/** A video with the browser's own controls in place of WeChat's. */
export class WxVideo extends WxElement {
  build() {
    this.player = /** @type {HTMLVideoElement} */ (
      make("video", "wx-video-player", { preload: "none", playsinline: "" })
    );
    this.player.controls = true;
    for (const type of ["play", "pause", "ended", "error"])
      this.player.addEventListener(type, () => this.emit(type));
    this.append(this.player);
  }

  changed(/** @type {string} */ name, /** @type {any} */ value) {
    if (name === "src") this.player.src = value ? locateFile(String(value)) : "";
    if (name === "poster") this.player.poster = value ? locateFile(String(value)) : "";
    if (name === "controls") this.player.controls = value !== false;
    if (name === "objectFit") this.player.style.objectFit = value || "contain";
    if (name === "title") this.player.setAttribute("aria-label", String(value || ""));
  }
}
