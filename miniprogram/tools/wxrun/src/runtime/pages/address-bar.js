/**
 * Keeps the browser's history as deep as the stack of pages, so that the browser's back button is
 * WeChat's.
 */
export class AddressBar {
  /** @param {(depth: number) => void} onBack the browser went back to this depth */
  constructor(onBack) {
    this.isOurs = /** @type {(() => void) | null} */ (null);
    history.replaceState({ depth: 1 }, "");
    addEventListener("popstate", () => {
      const settle = this.isOurs;
      this.isOurs = null;
      if (settle) settle();
      else onBack(this.depth);
    });
    this.queue = Promise.resolve();
  }

  get depth() {
    return history.state?.depth ?? 1;
  }

  /** @param {number} depth of the stack @param {string} address of the page on top */
  follow(depth, address) {
    this.queue = this.queue.then(() => this.#move(depth, `#/${address}`));
  }

  async #move(/** @type {number} */ depth, /** @type {string} */ hash) {
    if (depth > this.depth) return history.pushState({ depth }, "", hash);
    if (depth < this.depth) {
      await new Promise((resolve) => {
        this.isOurs = () => resolve(undefined);
        history.go(depth - this.depth);
      });
    }
    history.replaceState({ depth }, "", hash);
  }
}
