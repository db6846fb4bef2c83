import { locateFile } from "../wx/files-store.js";
import { make, WxElement } from "./base.js";

/** A picture to draw, by an address as the mini-program knows it. */
class CanvasImage extends Image {
  get src() {
    return super.src;
  }

  set src(path) {
    super.src = locateFile(path);
  }
}

/**
 * A canvas of type 2d. The page gets the real <canvas>, with what WeChat adds to it.
 */
export class WxCanvas extends WxElement {
  static role = "img";

  build() {
    const canvas = /** @type {HTMLCanvasElement} */ (make("canvas", "wx-canvas-surface"));
    this.canvas = Object.assign(canvas, {
      createImage: () => new CanvasImage(),
      createPath2D: (/** @type {any} */ path) => new Path2D(path),
      createImageData: (/** @type {number} */ width, /** @type {number} */ height) =>
        new ImageData(width, height),
      requestAnimationFrame: (/** @type {FrameRequestCallback} */ work) =>
        requestAnimationFrame(work),
      cancelAnimationFrame: (/** @type {number} */ id) => cancelAnimationFrame(id),
    });
    this.append(canvas);
  }

  connectedCallback() {
    queueMicrotask(() => {
      if (this.props.type !== "2d")
        throw new Error('wxrun: <canvas> is implemented for type="2d" only');
    });
  }
}
