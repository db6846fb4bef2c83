import { read, write } from "@/stores/storage";
import type { Platform, ReturnedCode } from "./platform";
import { findVoice } from "./voice";

/** Kept while the browser is at WeChat's page; comes back with its `state`. */
interface Departure {
  state: string;
  policyVersion: string;
  /** The page that was left, after the `#`. */
  hash: string;
}

const DEPARTURE = "departure";
// What the pages themselves make a button, a tab or a link of.
const PRESSABLE = '[role][tabindex="0"]';
const DARK = "(prefers-color-scheme: dark)";

export const browser: Platform = {
  name: "browser",
  hasPhoneNumbers: false,
  hasSubscriptions: false,
  hasScanner: false,
  hasShareButton: false,

  async requestSignInCode(policyVersion, findPage) {
    const state = randomText();
    const address = await findPage(state);
    write(DEPARTURE, { state, policyVersion, hash: location.hash } satisfies Departure);
    location.assign(address);
    return null;
  },

  takeReturnedCode() {
    const query = new URLSearchParams(location.search);
    const departure = read<Departure | null>(DEPARTURE, null);
    write(DEPARTURE, null);
    if (!location.search) return null;
    history.replaceState(null, "", `${location.pathname}${departure?.hash ?? location.hash}`);
    return returnedCode(query, departure);
  },

  requestSubscriptions: async () => ({}),

  onConsentNeeded() {
    // Browsers ask for themselves.
  },

  async share({ title, path }) {
    const address = `${location.origin}/#${path}`;
    if (!navigator.share) return (await copy(address)) ? "copied" : "cancelled";
    try {
      await navigator.share({ title, url: address });
      return "shared";
    } catch {
      return "cancelled";
    }
  },

  scan: async () => null,

  locate: () =>
    new Promise((resolve) =>
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => resolve({ latitude: coords.latitude, longitude: coords.longitude }),
        () => resolve(null),
      ),
    ),

  pay: async () => false,

  choosePictures: (most) =>
    new Promise((resolve) =>
      uni.chooseImage({
        count: most,
        // In browsers these are files; their addresses are not for fetching.
        success: ({ tempFiles }) =>
          resolve(
            (tempFiles as unknown as (File & { path: string })[]).map((file) => ({
              path: file.path,
              readBytes: () => file.arrayBuffer(),
            })),
          ),
        fail: () => resolve([]),
      }),
    ),

  findVoice,

  async openCanvas(_selector, width, height) {
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = canvas.getContext("2d");
    if (!context) throw new Error("the browser has no canvas");
    return {
      context,
      async loadPicture(address) {
        const picture = new Image();
        picture.src = address;
        await picture.decode();
        return picture;
      },
      toPicture: async () => canvas.toDataURL("image/png"),
    };
  },

  async savePicture(path, name) {
    saveFile(path, name);
    return true;
  },

  async openFile(bytes, name) {
    const address = URL.createObjectURL(new Blob([bytes]));
    saveFile(address, name);
    // Some browsers begin to read only after the click has been handled.
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    return true;
  },

  systemDisplay() {
    return { isDark: matchMedia(DARK).matches, fontScale: usualTextSize() / 16 };
  },

  onThemeChange(listener) {
    matchMedia(DARK).addEventListener("change", ({ matches }) => listener(matches));
  },

  onNetworkChange(listener) {
    addEventListener("online", () => listener(true));
    addEventListener("offline", () => listener(false));
  },

  titleInsets: () => ({ top: 0, right: 0 }),

  loadFont(family, address) {
    const face = new FontFace(family, `url("${address}")`);
    document.fonts.add(face);
    void face.load().catch(() => document.fonts.delete(face));
  },

  listenToKeys() {
    addEventListener("keydown", (event) => {
      const focused = event.target;
      if (event.key !== "Enter" && event.key !== " ") return;
      if (!(focused instanceof HTMLElement) || !focused.matches(PRESSABLE)) return;
      event.preventDefault();
      focused.click();
    });
  },

  paintFrame(isDark, pageColour) {
    document.documentElement.style.backgroundColor = pageColour;
    document.documentElement.style.colorScheme = isDark ? "dark" : "light";
  },
};

function returnedCode(query: URLSearchParams, departure: Departure | null): ReturnedCode | null {
  const code = query.get("code");
  // A code that this browser did not ask for is somebody else's: whoever used it would act as them.
  if (!code || !departure || query.get("state") !== departure.state) return null;
  return { code: { kind: "official-account", code }, policyVersion: departure.policyVersion };
}

/** What the browser's own setting makes of text without a size. */
function usualTextSize(): number {
  const probe = document.createElement("span");
  probe.style.fontSize = "medium";
  document.documentElement.append(probe);
  const size = Number.parseFloat(getComputedStyle(probe).fontSize);
  probe.remove();
  return size;
}

function saveFile(address: string, name: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

function randomText(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
