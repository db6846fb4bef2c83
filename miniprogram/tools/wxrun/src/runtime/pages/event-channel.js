/** What a page and the page that opened it say to each other. */
export class EventChannel {
  /** @type {Map<string, Set<(...args: any[]) => void>>} */
  #listeners = new Map();

  on(/** @type {string} */ name, /** @type {(...args: any[]) => void} */ listener) {
    this.#listeners.set(name, (this.#listeners.get(name) ?? new Set()).add(listener));
  }

  once(/** @type {string} */ name, /** @type {(...args: any[]) => void} */ listener) {
    const wrapped = (/** @type {any[]} */ ...args) => {
      this.off(name, wrapped);
      listener(...args);
    };
    this.on(name, wrapped);
  }

  off(/** @type {string} */ name, /** @type {((...args: any[]) => void) | undefined} */ listener) {
    if (listener) this.#listeners.get(name)?.delete(listener);
    else this.#listeners.delete(name);
  }

  emit(/** @type {string} */ name, /** @type {any[]} */ ...args) {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) listener(...args);
  }
}
