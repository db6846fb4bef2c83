import { Component, Event } from "glass-easel";

/**
 * What a handler gets: a plain object, as in WeChat, where the logic runs apart from the page.
 * @param {any} event
 */
export function toPlainEvent(event) {
  if (!(event instanceof Event)) return event;
  const { type, timeStamp, detail, touches = [], changedTouches = [] } = /** @type {any} */ (event);
  return {
    type,
    timeStamp,
    detail,
    target: describeTarget(event.target),
    currentTarget: describeTarget(event.currentTarget),
    mark: { ...event.mark },
    touches,
    changedTouches,
    stopPropagation() {},
    preventDefault() {},
  };
}

function describeTarget(/** @type {any} */ target) {
  const element = (target?._$ ?? target)?.getBackendElement?.();
  return {
    id: target?.id ?? "",
    dataset: { ...target?.dataset },
    offsetLeft: element?.offsetLeft ?? 0,
    offsetTop: element?.offsetTop ?? 0,
  };
}

/** Methods are called with plain events; uni-app's handlers are found on the instance. */
export function patchMethodCalls() {
  const find = Component.getMethod;
  Component.getMethod = (/** @type {any} */ component, /** @type {string} */ name) => {
    const method = find(component, name) ?? component.getMethodCaller()?.[name];
    if (typeof method !== "function") return undefined;
    return function (/** @type {any} */ event, /** @type {any[]} */ ...rest) {
      return method.call(this, toPlainEvent(event), ...rest);
    };
  };
}

/**
 * Gives an event to glass-easel.
 * @param {any} node glass-easel's element
 * @param {string} type
 * @param {any} detail
 * @param {Record<string, any>} [options] see glass-easel's EventOptions
 */
export function dispatch(node, type, detail, options = {}) {
  const event = new Event(type, detail, options);
  Event.dispatchEvent(node, event);
  return event;
}

/** @param {any[]} path of a DOM event, innermost first */
export function nodeOf(path) {
  return path.find((each) => each.__wxElement)?.__wxElement;
}
