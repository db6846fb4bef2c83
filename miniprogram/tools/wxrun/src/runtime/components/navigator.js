import { runtime } from "../shared.js";
import { WxElement } from "./base.js";

const CALLS = {
  navigate: "navigateTo",
  redirect: "redirectTo",
  switchTab: "switchTab",
  reLaunch: "reLaunch",
  navigateBack: "navigateBack",
};

export class WxNavigator extends WxElement {
  static role = "link";
  static hoverClass = "navigator-hover";

  build() {
    this.actsAsControl();
    this.onTap(() => this.#go());
  }

  #go() {
    const { openType = "navigate", url, delta = 1, target } = this.props;
    const call = CALLS[/** @type {keyof typeof CALLS} */ (openType || "navigate")];
    if (!call || (target && target !== "self"))
      throw new Error(
        `wxrun: <navigator open-type="${openType}" target="${target ?? "self"}"> is not implemented`,
      );
    runtime.wx[call]({
      url,
      delta: Number(delta),
      success: (/** @type {any} */ result) => this.emit("success", result),
      fail: (/** @type {any} */ result) => this.emit("fail", result),
      complete: (/** @type {any} */ result) => this.emit("complete", result),
    });
  }
}
