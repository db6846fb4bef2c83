import { make, WxElement } from "./base.js";

/** Something with a box before its text, checked or not. */
class Choice extends WxElement {
  build() {
    this.box = make("span", "wx-box", { "aria-hidden": "true", part: "box" });
    this.attachShadow({ mode: "open" }).innerHTML =
      '<style>.box{display:inline-block;vertical-align:middle}</style><span class="box"><slot name="box"></slot></span><slot></slot>';
    this.box.slot = "box";
    this.append(this.box);
    this.mark("aria-checked", "false");
    this.actsAsControl();
    this.onTap(() => this.choose());
  }

  get refusesTaps() {
    return this.is("disabled");
  }

  get isChecked() {
    return this.is("checked");
  }

  changed(/** @type {string} */ name) {
    if (name === "checked") this.show();
    if (name === "disabled") this.mark("aria-disabled", this.is("disabled") ? "true" : false);
    if (name === "color") this.style.setProperty("--wx-choice", this.props.color || "");
  }

  check(/** @type {boolean} */ value) {
    this.updateModel("checked", value);
    this.show();
  }

  show() {
    this.mark("aria-checked", String(this.isChecked));
    this.mark("checked", this.isChecked);
  }

  choose() {}
}

export class WxCheckbox extends Choice {
  static role = "checkbox";

  choose() {
    this.check(!this.isChecked);
    const group = /** @type {any} */ (this.closest("wx-checkbox-group"));
    group?.emit("change", { value: group.value });
  }
}

export class WxRadio extends Choice {
  static role = "radio";

  choose() {
    if (this.isChecked) return;
    const group = /** @type {any} */ (this.closest("wx-radio-group"));
    for (const other of group?.querySelectorAll("wx-radio") ?? [])
      if (other !== this) other.check(false);
    this.check(true);
    group?.emit("change", { value: this.props.value ?? "" });
  }
}

export class WxCheckboxGroup extends WxElement {
  static role = "group";

  get value() {
    const boxes = /** @type {WxCheckbox[]} */ ([...this.querySelectorAll("wx-checkbox")]);
    return boxes.filter((box) => box.isChecked).map((box) => box.props.value ?? "");
  }
}

export class WxRadioGroup extends WxElement {
  static role = "radiogroup";

  get value() {
    const radios = /** @type {WxRadio[]} */ ([...this.querySelectorAll("wx-radio")]);
    return radios.find((radio) => radio.isChecked)?.props.value ?? "";
  }
}

export class WxSwitch extends Choice {
  static role = "switch";

  created() {
    super.created();
    this.box.className = "wx-switch-track";
  }

  get value() {
    return this.isChecked;
  }

  changed(/** @type {string} */ name, /** @type {any} */ value) {
    super.changed(name, value);
    if (name === "type") this.mark("role", value === "checkbox" ? "checkbox" : "switch");
  }

  choose() {
    this.check(!this.isChecked);
    this.emit("change", { value: this.isChecked });
  }
}

export class WxSlider extends WxElement {
  build() {
    this.control = /** @type {HTMLInputElement} */ (
      make("input", "wx-slider-control", { type: "range", min: "0", max: "100", value: "0" })
    );
    this.append(this.control);
    this.control.addEventListener("input", () => this.emit("changing", { value: this.value }));
    this.control.addEventListener("change", () => {
      this.updateModel("value", this.value);
      this.emit("change", { value: this.value });
    });
  }

  get accessible() {
    return this.control ?? super.accessible;
  }

  get value() {
    return Number(this.control.value);
  }

  changed(/** @type {string} */ name, /** @type {any} */ value) {
    if (["min", "max", "step", "value"].includes(name))
      /** @type {any} */ (this.control)[name] = String(value);
    if (name === "disabled") this.control.disabled = this.is("disabled");
  }
}
