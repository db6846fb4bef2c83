import { askToPick } from "../pages/picker-sheet.js";
import { WxElement } from "./base.js";

const pad = (/** @type {number} */ number) => String(number).padStart(2, "0");
const countTo = (/** @type {number} */ last, from = 0) =>
  Array.from({ length: last - from + 1 }, (_, each) => pad(each + from));

/** Opens a sheet at the bottom to choose from; shows its own content in the page. */
export class WxPicker extends WxElement {
  static role = "button";

  build() {
    this.actsAsControl();
    this.onTap(() => this.#open());
  }

  get refusesTaps() {
    return this.is("disabled");
  }

  get value() {
    return (
      this.props.value ?? (this.#mode === "multiSelector" ? [] : this.#mode === "selector" ? 0 : "")
    );
  }

  get #mode() {
    return this.props.mode || "selector";
  }

  async #open() {
    const value = await this.#ask();
    if (value === null) return this.emit("cancel", {});
    this.updateModel("value", value);
    this.emit("change", { value });
  }

  /** @returns {Promise<any>} null when the person gave up */
  #ask() {
    const { headerText: title = "" } = this.props;
    if (this.#mode === "selector") return this.#askOne(title);
    if (this.#mode === "multiSelector") return this.#askMany(title);
    if (this.#mode === "time" || this.#mode === "date") return this.#askMoment(title);
    throw new Error(`wxrun: <picker mode="${this.#mode}"> is not implemented`);
  }

  async #askOne(/** @type {string} */ title) {
    const chosen = await askToPick({
      title,
      columns: [this.#labels(this.props.range)],
      start: [Number(this.value) || 0],
    });
    return chosen && chosen[0];
  }

  #askMany(/** @type {string} */ title) {
    const columns = () =>
      (this.props.range ?? []).map((/** @type {any[]} */ column) => this.#labels(column));
    const start = columns().map((_, /** @type {number} */ index) => Number(this.value[index]) || 0);
    const onColumn = (/** @type {number} */ column, /** @type {number} */ value) => {
      this.emit("columnchange", { column, value });
      return columns();
    };
    return askToPick({ title, columns: columns(), start, onColumn });
  }

  async #askMoment(/** @type {string} */ title) {
    const columns = this.#mode === "time" ? [countTo(23), countTo(59)] : this.#dateColumns();
    const separator = this.#mode === "time" ? ":" : "-";
    const parts = (this.value || this.#now()).split(separator);
    const start = columns.map((column, index) => Math.max(0, column.indexOf(parts[index])));
    const chosen = await askToPick({ title, columns, start });
    return chosen && chosen.map((each, index) => columns[index][each]).join(separator);
  }

  #dateColumns() {
    const year = new Date().getFullYear();
    const first = Number((this.props.start || "").slice(0, 4)) || year - 50;
    const last = Number((this.props.end || "").slice(0, 4)) || year + 10;
    const years = Array.from({ length: last - first + 1 }, (_, index) => String(first + index));
    const columns = [years, countTo(12, 1), countTo(31, 1)];
    return columns.slice(
      0,
      this.props.fields === "year" ? 1 : this.props.fields === "month" ? 2 : 3,
    );
  }

  #now() {
    const now = new Date();
    if (this.#mode === "time") return `${pad(now.getHours())}:${pad(now.getMinutes())}`;
    return `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
  }

  #labels(/** @type {any[]} */ range) {
    const key = this.props.rangeKey;
    return (range ?? []).map((each) => String(key && each ? each[key] : each));
  }
}
