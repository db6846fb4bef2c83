import { convertUnits } from "../framework/units.js";
import { dispatch } from "../framework/events.js";

const camel = (/** @type {string} */ name) =>
  name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
const setDom = HTMLElement.prototype.setAttribute;
const removeDom = HTMLElement.prototype.removeAttribute;

/**
 * A built-in component as a custom element. What the page binds arrives in `props` with its real type;
 * plain values are also attributes of the DOM, for selectors and tests.
 */
export class WxElement extends HTMLElement {
  /** The role a screen reader finds without any aria-role. @type {string} */
  static role = "";
  /** Pages may give no hover-class; some components have one of their own. */
  static hoverClass = "";

  /** @type {Record<string, any>} */
  props = {};
  /** @type {any} glass-easel's element */
  __wxElement = undefined;
  /** @type {Record<string, (value: any) => void> | undefined} */
  modelListeners = undefined;

  /** Called once, when the element belongs to a page's tree and has no attributes yet. */
  created() {
    const { role } = /** @type {typeof WxElement} */ (this.constructor);
    if (role) this.accessible.setAttribute("role", role);
    this.build();
  }

  /** Makes what is inside the element. */
  build() {}

  /** Called after a value changed. @param {string} _name in camelCase @param {any} _value */
  changed(_name, _value) {}

  /** Whether taps on it and in it go nowhere. */
  get refusesTaps() {
    return false;
  }

  /** The element that a screen reader meets; inputs give their inner control. @returns {Element} */
  get accessible() {
    return new DomAttributes(this);
  }

  setAttribute(/** @type {string} */ name, /** @type {any} */ text) {
    if (name === "style") return setDom.call(this, "style", convertUnits(String(text)));
    // glass-easel gives the DOM a text and keeps what the page bound.
    this.#receive(name, this.__wxElement ? this.__wxElement.getAttribute(name) : text);
  }

  removeAttribute(/** @type {string} */ name) {
    this.#receive(name, false);
  }

  #receive(/** @type {string} */ name, /** @type {any} */ value) {
    const known = camel(name);
    this.props[known] = value;
    if (name.startsWith("aria-")) this.#describe(name, value);
    else mirror(this, name, value);
    this.changed(known, value);
  }

  /** WeChat reads aria-role and aria-*; browsers know the first as role. */
  #describe(/** @type {string} */ name, /** @type {any} */ value) {
    const attribute = name === "aria-role" ? "role" : name;
    const target = this.accessible;
    if (value === undefined || value === null || value === "") target.removeAttribute(attribute);
    else target.setAttribute(attribute, value === true ? "true" : String(value));
  }

  /** @param {string} name @returns {boolean} as WeChat reads a Boolean property */
  is(name) {
    return Boolean(this.props[name]);
  }

  /** Sets an attribute of the DOM that is not a property of the component. */
  mark(/** @type {string} */ name, /** @type {any} */ value) {
    if (value === false || value === undefined || value === null) removeDom.call(this, name);
    else setDom.call(this, name, value === true ? "" : String(value));
  }

  /**
   * @param {string} type @param {any} detail
   * @param {Record<string, any>} [options]
   */
  emit(type, detail = {}, options = {}) {
    if (this.__wxElement) dispatch(this.__wxElement, type, detail, options);
  }

  /** Tells a two-way binding (model:value) of a change. */
  updateModel(/** @type {string} */ name, /** @type {any} */ value) {
    this.props[name] = value;
    this.modelListeners?.[name]?.(value);
  }

  /** Runs when a tap reaches the element, unless something inside caught it. */
  onTap(/** @type {(event: any) => void} */ handler) {
    this.__wxElement.addListener("tap", handler);
  }

  /** Lets the keyboard and screen readers act on the element as a finger would. */
  actsAsControl() {
    setDom.call(this, "tabindex", "0");
    this.addEventListener("keydown", (event) => {
      if (event.target !== this || !["Enter", " "].includes(event.key)) return;
      event.preventDefault();
      this.click();
    });
  }
}

/** Values that belong inside the element: on the host they would be found twice, or be too long. */
const PRIVATE = [
  "value",
  "src",
  "nodes",
  "range",
  "placeholder",
  "placeholder-class",
  "placeholder-style",
  "focus",
  "name",
];

/** Sets attributes of the host itself without telling the component. */
class DomAttributes {
  constructor(/** @type {WxElement} */ element) {
    this.element = element;
  }
  setAttribute(/** @type {string} */ name, /** @type {any} */ value) {
    this.element.mark(name, value);
  }
  removeAttribute(/** @type {string} */ name) {
    const { role } = /** @type {typeof WxElement} */ (this.element.constructor);
    this.element.mark(name, name === "role" && role ? role : false);
  }
}

function mirror(
  /** @type {WxElement} */ element,
  /** @type {string} */ name,
  /** @type {any} */ value,
) {
  if (PRIVATE.includes(name) || (value !== null && typeof value === "object")) return;
  element.mark(name, value === "" ? false : value);
}

/** @param {string} tag of the DOM @param {string} [className] @param {Record<string, string>} [attributes] */
export function make(tag, className = "", attributes = {}) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** An element with a text. @param {string} tag @param {string} className @param {string} text */
export function makeText(tag, className, text) {
  const element = make(tag, className);
  element.textContent = text;
  return element;
}
