import { runtime } from "../shared.js";

/** @typedef {{ single: boolean, selector: string | null, component: any, fields: Record<string, any>, callback?: (result: any) => void }} Question */

const EVERYTHING = { id: true, dataset: true };

/** What pages ask about the place and size of their elements; places count from the page's area. */
class SelectorQuery {
  constructor() {
    /** @type {Question[]} */
    this.questions = [];
    /** @type {any} */
    this.component = null;
  }

  in(/** @type {any} */ component) {
    this.component = component;
    return this;
  }

  select(/** @type {string} */ selector) {
    return new NodesRef(this, { single: true, selector });
  }

  selectAll(/** @type {string} */ selector) {
    return new NodesRef(this, { single: false, selector });
  }

  selectViewport() {
    return new NodesRef(this, { single: true, selector: null });
  }

  exec(/** @type {((results: any[]) => void) | undefined} */ callback) {
    const { questions } = this;
    // WeChat answers from the view, so never before the caller goes on.
    setTimeout(() => {
      const results = questions.map(answer);
      questions.forEach((each, index) => each.callback?.(results[index]));
      callback?.(results);
    });
    return this;
  }
}

class NodesRef {
  constructor(
    /** @type {SelectorQuery} */ query,
    /** @type {{ single: boolean, selector: string | null }} */ wish,
  ) {
    this.query = query;
    this.wish = wish;
  }

  fields(
    /** @type {Record<string, any>} */ fields,
    /** @type {((result: any) => void) | undefined} */ callback,
  ) {
    this.query.questions.push({ ...this.wish, component: this.query.component, fields, callback });
    return this.query;
  }

  boundingClientRect(/** @type {any} */ callback) {
    return this.fields({ ...EVERYTHING, rect: true, size: true }, callback);
  }

  scrollOffset(/** @type {any} */ callback) {
    return this.fields({ ...EVERYTHING, scrollOffset: true }, callback);
  }

  node(/** @type {any} */ callback) {
    return this.fields({ node: true }, callback);
  }

  context() {
    throw new Error("wxrun: NodesRef.context is not implemented");
  }
}

function answer(/** @type {Question} */ { single, selector, component, fields }) {
  if (selector === null) return describeViewport(fields);
  const found = findNodes(selector, component, single).map((node) => describe(node, fields));
  return single ? (found[0] ?? null) : found;
}

/** @returns {any[]} glass-easel's elements */
export function findNodes(
  /** @type {string} */ selector,
  /** @type {any} */ component,
  /** @type {boolean} */ single,
) {
  const owner = component?._$ ?? component?.$scope?._$ ?? runtime.pages.top.component;
  const root = owner.getShadowRoot();
  if (!single) return root.querySelectorAll(selector);
  const node = root.querySelector(selector);
  return node ? [node] : [];
}

/** The element in the DOM; a component without a host has the first of what it shows. */
export function elementOf(/** @type {any} */ node) {
  const own = node.getBackendElement?.();
  if (own instanceof HTMLElement) return own;
  for (const child of node.getComposedChildren?.() ?? []) {
    const inner = /** @type {HTMLElement | null} */ (elementOf(child));
    if (inner) return inner;
  }
  return null;
}

/** A rectangle counted from where the page's area begins. */
export function placeOf(/** @type {DOMRectReadOnly} */ { left, top, width, height }) {
  const y = top - runtime.frame.top;
  return { left, top: y, right: left + width, bottom: y + height, width, height };
}

function describe(/** @type {any} */ node, /** @type {Record<string, any>} */ fields) {
  const element = elementOf(node);
  const { left, top, right, bottom, width, height } = placeOf(
    element?.getBoundingClientRect() ?? new DOMRect(),
  );
  return {
    ...(fields.id && { id: node.id }),
    ...(fields.dataset && { dataset: { ...node.dataset } }),
    ...(fields.mark && { mark: node.collectMarks() }),
    ...(fields.rect && { left, top, right, bottom }),
    ...(fields.size && { width, height }),
    ...(fields.scrollOffset && scrollOf(element)),
    ...(fields.properties && propertiesOf(node, element, fields.properties)),
    ...(fields.computedStyle && stylesOf(element, fields.computedStyle)),
    ...(fields.node && { node: /** @type {any} */ (element)?.canvas ?? element }),
    ...(fields.context && { context: /** @type {any} */ (element)?.canvas ?? element }),
  };
}

const scrollOf = (/** @type {any} */ element) => ({
  scrollLeft: element?.scrollLeft ?? 0,
  scrollTop: element?.scrollTop ?? 0,
  scrollWidth: element?.scrollWidth ?? 0,
  scrollHeight: element?.scrollHeight ?? 0,
});

const propertiesOf = (
  /** @type {any} */ node,
  /** @type {any} */ element,
  /** @type {string[]} */ names,
) => Object.fromEntries(names.map((name) => [name, element?.props?.[name] ?? node.data?.[name]]));

function stylesOf(/** @type {HTMLElement | null} */ element, /** @type {string[]} */ names) {
  const style = /** @type {any} */ (element ? getComputedStyle(element) : {});
  return Object.fromEntries(names.map((name) => [name, style[name]]));
}

function describeViewport(/** @type {Record<string, any>} */ fields) {
  const { scroller } = runtime.pages.top;
  const [width, height] = [scroller.clientWidth, scroller.clientHeight];
  return {
    ...(fields.id && { id: "" }),
    ...(fields.dataset && { dataset: {} }),
    ...(fields.rect && { left: 0, top: 0, right: width, bottom: height }),
    ...(fields.size && { width, height }),
    ...(fields.scrollOffset && scrollOf(scroller)),
  };
}

export const createSelectorQuery = () => new SelectorQuery();
