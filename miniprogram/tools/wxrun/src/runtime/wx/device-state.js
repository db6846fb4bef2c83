import { launch } from "../shared.js";

const darkQuery = matchMedia("(prefers-color-scheme: dark)");

/** What tests may say about the phone and the person's settings. */
export const device = {
  /** Set by a test; otherwise the browser's own. @type {string | null} */
  chosenTheme: launch.get("theme"),
  fontSizeScaleFactor: Number(launch.get("fontScale") ?? 1),
  fontSizeSetting: Math.round(16 * Number(launch.get("fontScale") ?? 1)),
  clipboard: "",
  /** Set by a test; otherwise the browser's own. @type {string | null} */
  network: null,
  /** @type {Set<(state: { isConnected: boolean, networkType: string }) => void>} */
  networkListeners: new Set(),

  get theme() {
    return this.chosenTheme ?? (darkQuery.matches ? "dark" : "light");
  },

  get networkType() {
    return this.network ?? (navigator.onLine ? "wifi" : "none");
  },

  setNetwork(/** @type {string | null} */ type) {
    this.network = type;
    this.tellNetwork();
  },

  tellNetwork() {
    const networkType = this.networkType;
    for (const listener of [...this.networkListeners])
      listener({ isConnected: networkType !== "none", networkType });
  },
};

for (const type of ["online", "offline"]) addEventListener(type, () => device.tellNetwork());

/** @param {() => void} listener called when the browser's theme counts and has changed */
export const onBrowserTheme = (listener) =>
  darkQuery.addEventListener("change", () => device.chosenTheme ?? listener());
