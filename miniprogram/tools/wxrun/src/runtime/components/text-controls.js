import { scopedClasses } from "../framework/styles.js";
import { make, WxElement } from "./base.js";

const KEYBOARDS = { number: "numeric", digit: "decimal", idcard: "text", tel: "tel" };

/** What <input> and <textarea> share: the value goes both ways, the placeholder is drawn. */
class TextControl extends WxElement {
  /** @returns {HTMLInputElement | HTMLTextAreaElement} */
  makeControl() {
    throw new Error("not a control by itself");
  }

  build() {
    this.control = this.makeControl();
    this.control.maxLength = 140;
    this.hint = make("div", "wx-placeholder", { "aria-hidden": "true" });
    this.append(this.hint, this.control);
    this.control.addEventListener("input", () => this.#typed());
    this.control.addEventListener("focus", () => this.#focused());
    this.control.addEventListener("blur", () => this.#left());
  }

  get accessible() {
    return this.control ?? super.accessible;
  }

  get refusesTaps() {
    return false;
  }

  changed(/** @type {string} */ name, /** @type {any} */ value) {
    const { control } = this;
    if (name === "value") this.show(value ?? "");
    if (name === "disabled") control.disabled = this.is("disabled");
    if (name === "maxlength") this.#limit(value);
    if (name === "placeholder") {
      this.hint.textContent = value || "";
      control.placeholder = value || "";
    }
    if (name === "placeholderClass")
      this.hint.className = [
        "wx-placeholder",
        ...scopedClasses(this.__wxElement, value || ""),
      ].join(" ");
    if (name === "placeholderStyle") this.hint.setAttribute("style", value || "");
    if (name === "name") control.name = value || "";
    if (name === "focus" || name === "autoFocus") this.#focusIf(value);
  }

  /** Shows a value that the page gave. */
  show(/** @type {any} */ value) {
    if (this.control.value !== String(value)) this.control.value = String(value);
    this.hint.hidden = this.control.value !== "";
  }

  #limit(/** @type {any} */ value) {
    const limit = value === undefined || value === "" || value === false ? 140 : Number(value);
    if (limit < 0) this.control.removeAttribute("maxlength");
    else this.control.maxLength = limit;
  }

  #focusIf(/** @type {any} */ value) {
    if (value) setTimeout(() => this.control.focus());
    else if (document.activeElement === this.control) this.control.blur();
  }

  #typed() {
    const { value, selectionStart: cursor } = this.control;
    this.hint.hidden = value !== "";
    this.updateModel("value", value);
    // What the handler returns replaces the text.
    const handleListenerReturn = (/** @type {any} */ answer) => {
      const replacement = typeof answer === "string" ? answer : answer?.value;
      if (typeof replacement === "string") this.show(replacement);
    };
    this.emit(
      "input",
      { value, cursor, keyCode: value.charCodeAt(value.length - 1) || 8 },
      { handleListenerReturn },
    );
  }

  #focused() {
    this.emit("focus", { value: this.control.value, height: 0 });
  }

  #left() {
    const { value, selectionStart: cursor } = this.control;
    this.emit("blur", { value, cursor });
  }
}

export class WxInput extends TextControl {
  makeControl() {
    const control = /** @type {HTMLInputElement} */ (
      make("input", "wx-control", { autocomplete: "off" })
    );
    control.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) this.#confirm();
    });
    return control;
  }

  #confirm() {
    this.emit("confirm", { value: this.control.value });
    if (!this.is("confirmHold")) this.control.blur();
  }

  changed(/** @type {string} */ name, /** @type {any} */ value) {
    super.changed(name, value);
    const control = /** @type {HTMLInputElement} */ (this.control);
    const { type = "text", password } = this.props;
    if (name === "password" || name === "type")
      control.type = password || type === "safe-password" ? "password" : "text";
    if (name === "type")
      control.inputMode = KEYBOARDS[/** @type {keyof typeof KEYBOARDS} */ (value)] ?? "text";
    if (name === "confirmType") control.enterKeyHint = value || "done";
  }
}

export class WxTextarea extends TextControl {
  makeControl() {
    return /** @type {HTMLTextAreaElement} */ (make("textarea", "wx-control"));
  }

  build() {
    super.build();
    this.control.addEventListener("input", () => this.#grow());
    this.lines = 0;
  }

  show(/** @type {any} */ value) {
    super.show(value);
    this.#grow();
  }

  changed(/** @type {string} */ name, /** @type {any} */ value) {
    super.changed(name, value);
    if (name === "autoHeight") this.#grow();
  }

  connectedCallback() {
    if (this.control) this.#grow();
  }

  /** With auto-height the field is as high as its text. */
  #grow() {
    if (!this.isConnected || !this.is("autoHeight")) return;
    this.control.style.height = "auto";
    const height = this.control.scrollHeight;
    this.control.style.height = `${height}px`;
    const lineHeight = parseFloat(getComputedStyle(this.control).lineHeight) || 20;
    const lines = Math.max(1, Math.round(height / lineHeight));
    if (lines !== this.lines)
      this.emit("linechange", {
        height,
        heightRpx: (height * 750) / innerWidth,
        lineCount: lines,
        lineHeight,
      });
    this.lines = lines;
  }
}
