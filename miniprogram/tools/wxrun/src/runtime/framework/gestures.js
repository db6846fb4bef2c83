import { StyleSegmentIndex } from "glass-easel";
import { runInTap } from "./activation.js";
import { dispatch, nodeOf } from "./events.js";

const LONG_PRESS_MS = 350;
const MOVE_TOLERANCE = 10;

/** Turns the browser's touches and clicks into WeChat's events. */
export class Gestures {
  /** @param {{ top: () => number, scrollTop: () => number }} area where the page begins in the window */
  constructor(area) {
    this.area = area;
    this.press = /** @type {{ timer: any, x: number, y: number } | null} */ (null);
    this.isLongPressed = false;
    this.lastTouchAt = 0;
  }

  listen() {
    const touches = ["touchstart", "touchmove", "touchend", "touchcancel"];
    for (const type of touches) {
      document.addEventListener(type, (event) => this.#onTouch(/** @type {TouchEvent} */ (event)), {
        passive: false,
      });
    }
    for (const [mouse, touch] of [
      ["mousedown", "touchstart"],
      ["mousemove", "touchmove"],
      ["mouseup", "touchend"],
    ]) {
      document.addEventListener(mouse, (event) =>
        this.#onMouse(/** @type {MouseEvent} */ (event), touch),
      );
    }
    document.addEventListener("click", (event) => this.#onClick(event));
    for (const type of ["transitionend", "animationstart", "animationiteration", "animationend"]) {
      document.addEventListener(type, (event) => this.#send(event, type, {}, {}));
    }
  }

  #onTouch(/** @type {TouchEvent} */ event) {
    this.lastTouchAt = event.timeStamp;
    const touches = [...event.touches].map((each) => this.#point(each));
    const changedTouches = [...event.changedTouches].map((each) => this.#point(each));
    this.#follow(event, event.type, event.changedTouches[0]);
    this.#send(event, event.type, {}, { touches, changedTouches });
  }

  /** With a mouse, as WeChat's developer tools do; not for what the browser makes up after a touch. */
  #onMouse(/** @type {MouseEvent} */ event, /** @type {string} */ type) {
    const isMadeUp = event.timeStamp - this.lastTouchAt < 1000 && this.lastTouchAt > 0;
    if (isMadeUp || (type === "touchmove" && !event.buttons)) return;
    const point = this.#point({ identifier: 0, clientX: event.clientX, clientY: event.clientY });
    this.#follow(event, type, event);
    this.#send(
      event,
      type,
      {},
      { touches: type === "touchend" ? [] : [point], changedTouches: [point] },
    );
  }

  #follow(
    /** @type {Event} */ event,
    /** @type {string} */ type,
    /** @type {{ clientX: number, clientY: number }} */ at,
  ) {
    if (type === "touchstart") return this.#begin(event, at);
    const isFar =
      this.press &&
      Math.hypot(at.clientX - this.press.x, at.clientY - this.press.y) > MOVE_TOLERANCE;
    if (type !== "touchmove" || isFar) this.#end();
  }

  #begin(/** @type {Event} */ event, /** @type {{ clientX: number, clientY: number }} */ at) {
    this.#end();
    this.isLongPressed = false;
    const path = event.composedPath();
    const timer = setTimeout(() => this.#pressLong(event, path, at), LONG_PRESS_MS);
    this.press = { timer, x: at.clientX, y: at.clientY };
    this.endHover = startHover(path);
  }

  #end() {
    clearTimeout(this.press?.timer);
    this.press = null;
    this.endHover?.();
    this.endHover = undefined;
  }

  #pressLong(/** @type {Event} */ event, /** @type {any[]} */ path, /** @type {any} */ at) {
    this.isLongPressed = path.some((each) => each.wxListens?.has("longpress"));
    const touch = this.#point({ identifier: 0, clientX: at.clientX, clientY: at.clientY });
    for (const type of ["longpress", "longtap"]) {
      this.#sendTo(
        path,
        event,
        type,
        { x: touch.pageX, y: touch.pageY },
        { touches: [touch], changedTouches: [touch] },
      );
    }
  }

  #onClick(/** @type {MouseEvent} */ event) {
    const path = event.composedPath();
    if (this.isLongPressed || path.some((each) => /** @type {any} */ (each).refusesTaps)) return;
    const touch = this.#point({ identifier: 0, clientX: event.clientX, clientY: event.clientY });
    const detail = { x: touch.pageX, y: touch.pageY };
    runInTap(() =>
      this.#sendTo(path, event, "tap", detail, { touches: [touch], changedTouches: [touch] }),
    );
  }

  #send(
    /** @type {Event} */ event,
    /** @type {string} */ type,
    /** @type {any} */ detail,
    /** @type {any} */ extraFields,
  ) {
    this.#sendTo(event.composedPath(), event, type, detail, extraFields);
  }

  #sendTo(
    /** @type {any[]} */ path,
    /** @type {Event} */ event,
    /** @type {string} */ type,
    /** @type {any} */ detail,
    /** @type {any} */ extraFields,
  ) {
    const node = nodeOf(path);
    if (!node) return;
    const options = {
      bubbles: true,
      composed: true,
      capturePhase: true,
      originalEvent: event,
      extraFields,
    };
    const sent = dispatch(node, type, detail, options);
    if (sent.defaultPrevented() && event.cancelable && type !== "tap") event.preventDefault();
  }

  #point(
    /** @type {{ identifier: number, clientX: number, clientY: number }} */ {
      identifier,
      clientX,
      clientY,
    },
  ) {
    const y = clientY - this.area.top();
    return { identifier, clientX, clientY: y, pageX: clientX, pageY: y + this.area.scrollTop() };
  }
}

/** Gives pressed elements their hover-class; the answer takes it away again. */
function startHover(/** @type {any[]} */ path) {
  const pressed = /** @type {any[]} */ ([]);
  for (const element of path) {
    const name = element.props?.hoverClass ?? element.constructor?.hoverClass;
    if (!name || name === "none" || element.refusesTaps) continue;
    pressed.push({ element, name });
    if (element.props.hoverStopPropagation) break;
  }
  const timers = pressed.map(({ element, name }) =>
    setTimeout(() => setHover(element, name), Number(element.props.hoverStartTime ?? 20)),
  );
  return () => {
    for (const [index, { element }] of pressed.entries()) {
      const stay = Number(element.props.hoverStayTime ?? 70);
      setTimeout(() => (clearTimeout(timers[index]), setHover(element, "")), stay);
    }
  };
}

const setHover = (/** @type {any} */ element, /** @type {string} */ name) =>
  element.__wxElement?.setNodeClass(name, StyleSegmentIndex.TEMP_EXTRA);
