import { runtime } from "../shared.js";
import { elementOf, findNodes, placeOf } from "./queries.js";

/** @typedef {{ top?: number, right?: number, bottom?: number, left?: number }} Margins */

/** Tells when elements come into sight, by the browser's own observer. */
class Intersections {
  /** @type {IntersectionObserver[]} */
  observers = [];
  /** @type {{ selector: string | null, margins: Margins }} */
  reference = { selector: null, margins: {} };

  constructor(
    /** @type {any} */ component,
    /** @type {{ thresholds?: number[], initialRatio?: number, observeAll?: boolean }} */ options = {},
  ) {
    this.component = component;
    this.options = options;
    this.page = runtime.pages.top;
  }

  relativeTo(/** @type {string} */ selector, /** @type {Margins} */ margins = {}) {
    this.reference = { selector, margins };
    return this;
  }

  relativeToViewport(/** @type {Margins} */ margins = {}) {
    this.reference = { selector: null, margins };
    return this;
  }

  observe(/** @type {string} */ selector, /** @type {(result: any) => void} */ callback) {
    const { top = 0, right = 0, bottom = 0, left = 0 } = this.reference.margins;
    const observer = new IntersectionObserver((entries) => this.#tell(entries, callback), {
      root: this.#root(),
      rootMargin: `${top}px ${right}px ${bottom}px ${left}px`,
      threshold: this.options.thresholds ?? [0],
    });
    const nodes = findNodes(
      selector,
      this.component ?? this.page.instance,
      !this.options.observeAll,
    );
    for (const node of nodes) {
      const element = elementOf(node);
      if (element) observer.observe(element);
    }
    this.observers.push(observer);
  }

  disconnect() {
    for (const observer of this.observers.splice(0)) observer.disconnect();
  }

  #root() {
    const { selector } = this.reference;
    if (selector === null) return this.page.scroller;
    const [node] = findNodes(selector, this.component ?? this.page.instance, true);
    return node ? elementOf(node) : this.page.scroller;
  }

  /** The browser also tells the first state, which WeChat tells only when it is in sight. */
  #tell(
    /** @type {IntersectionObserverEntry[]} */ entries,
    /** @type {(result: any) => void} */ callback,
  ) {
    for (const entry of entries) {
      const node = /** @type {any} */ (entry.target).__wxElement;
      const isFirst = !this.seen.has(entry.target);
      this.seen.add(entry.target);
      if (isFirst && !entry.isIntersecting) continue;
      callback({
        id: node?.id ?? "",
        dataset: { ...node?.dataset },
        intersectionRatio: entry.intersectionRatio,
        intersectionRect: placeOf(entry.intersectionRect),
        boundingClientRect: placeOf(entry.boundingClientRect),
        relativeRect: placeOf(entry.rootBounds ?? new DOMRect()),
        time: entry.time,
      });
    }
  }

  /** @type {WeakSet<Element>} */
  seen = new WeakSet();
}

export const createIntersectionObserver = (
  /** @type {any} */ component,
  /** @type {any} */ options,
) => new Intersections(component, options);
