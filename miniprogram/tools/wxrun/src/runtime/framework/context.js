import { CurrentWindowBackendContext } from "glass-easel";
import { convertUnits } from "./units.js";

/**
 * The window as glass-easel draws into it. Events do not come from the DOM by themselves: gestures and
 * the built-in components give them, as WeChat does.
 */
export class PageContext extends CurrentWindowBackendContext {
  document = {
    createElement,
    createTextNode: (/** @type {string} */ text) => document.createTextNode(text),
    createDocumentFragment: () => document.createDocumentFragment(),
  };

  /** Events are dispatched by `gestures.js`; nothing is taken from the DOM. */
  onEvent() {}

  associateValue(/** @type {any} */ element, /** @type {any} */ node) {
    element.__wxElement = node;
    element.created?.();
  }

  setListenerStats(/** @type {any} */ element, /** @type {string} */ type) {
    if (element) (element.wxListens ??= new Set()).add(type);
  }

  setModelBindingStat(
    /** @type {any} */ element,
    /** @type {string} */ name,
    /** @type {any} */ listener,
  ) {
    (element.modelListeners ??= {})[name] = listener;
  }
}

function createElement(/** @type {string} */ tag) {
  if (customElements.get(tag)) return document.createElement(tag);
  // A component may be called <button>: its host must not become the browser's.
  return asHost(document.createElement(tag.includes("-") ? tag : `x-${tag}`));
}

/** The element around a component's content, whose style may use WeChat's units. */
function asHost(/** @type {HTMLElement} */ element) {
  const setAttribute = element.setAttribute.bind(element);
  element.setAttribute = (name, value) =>
    setAttribute(name, name === "style" ? convertUnits(value) : value);
  return element;
}
