import { WxElement } from "./base.js";

const FIELDS = [
  "wx-input",
  "wx-textarea",
  "wx-checkbox-group",
  "wx-radio-group",
  "wx-switch",
  "wx-slider",
  "wx-picker",
];

/** What a named field holds, as `submit` tells it. */
function valueOf(/** @type {any} */ field) {
  return "control" in field && field.matches("wx-input, wx-textarea")
    ? field.control.value
    : field.value;
}

export class WxForm extends WxElement {
  static role = "form";

  #fields() {
    const fields = /** @type {any[]} */ ([...this.querySelectorAll(FIELDS.join(","))]);
    return fields.filter((field) => field.props.name);
  }

  submit(/** @type {any} */ button) {
    const value = Object.fromEntries(
      this.#fields().map((field) => [field.props.name, valueOf(field)]),
    );
    this.emit("submit", {
      value,
      target: { id: button.id, dataset: { ...button.__wxElement.dataset } },
    });
  }

  reset() {
    for (const field of this.#fields()) clear(field);
    this.emit("reset", {});
  }
}

function clear(/** @type {any} */ field) {
  if (field.matches("wx-input, wx-textarea")) field.show("");
  else if (field.matches("wx-switch")) field.check(false);
  else for (const each of field.querySelectorAll("wx-checkbox, wx-radio")) each.check(false);
}

const LABELLED = "wx-button, wx-checkbox, wx-radio, wx-switch, wx-input, wx-textarea";

/** A tap on a label is a tap on its control. */
export class WxLabel extends WxElement {
  build() {
    this.onTap((event) => {
      const control = this.#control();
      const original = event.getOriginalEvent?.();
      if (!control || original?.composedPath?.().includes(control)) return;
      if (control.matches("wx-input, wx-textarea")) control.control.focus();
      else if (!control.refusesTaps) control.click();
    });
  }

  /** @returns {any} */
  #control() {
    const { for: id } = this.props;
    return id
      ? this.closest("wx-page")?.querySelector(`#${CSS.escape(id)}`)
      : this.querySelector(LABELLED);
  }
}
