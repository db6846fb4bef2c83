import { openTypes } from "../wx/open-types.js";
import { WxElement } from "./base.js";

/** A button, with what its open-type asks of WeChat and its form-type of the form. */
export class WxButton extends WxElement {
  static role = "button";
  static hoverClass = "button-hover";

  build() {
    this.actsAsControl();
    this.onTap(() => this.#act());
  }

  get refusesTaps() {
    return this.is("disabled");
  }

  changed(/** @type {string} */ name) {
    if (name !== "disabled") return;
    this.mark("aria-disabled", this.is("disabled") ? "true" : false);
    this.mark("tabindex", this.is("disabled") ? -1 : 0);
  }

  #act() {
    const { formType, openType } = this.props;
    if (formType === "submit" || formType === "reset") {
      /** @type {any} */ (this.closest("wx-form"))?.[formType](this);
    }
    for (const each of String(openType || "")
      .split("|")
      .filter(Boolean))
      openTypes.run(each, this);
  }
}
