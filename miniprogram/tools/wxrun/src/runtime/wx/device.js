import { note, runtime } from "../shared.js";
import { device } from "./device-state.js";
import { authorizePrivacy } from "./privacy.js";
import { scans } from "./scans.js";
import { Failure, settle } from "./settle.js";

const MENU = { width: 87, height: 32, right: 7, top: 26 };

export function getWindowInfo() {
  const { frame } = runtime;
  return {
    pixelRatio: devicePixelRatio,
    screenWidth: innerWidth,
    screenHeight: innerHeight,
    windowWidth: innerWidth,
    windowHeight:
      frame.viewport.clientHeight || innerHeight - frame.statusBarHeight - frame.titleBarHeight,
    statusBarHeight: frame.statusBarHeight,
    screenTop: frame.top,
    safeArea: {
      left: 0,
      right: innerWidth,
      top: frame.statusBarHeight,
      bottom: innerHeight,
      width: innerWidth,
      height: innerHeight - frame.statusBarHeight,
    },
  };
}

export const getAppBaseInfo = () => ({
  SDKVersion: "3.7.0",
  version: "8.0.60",
  language: "zh_CN",
  enableDebug: false,
  host: { env: "WeChat", appId: "", version: 0 },
  theme: runtime.program.app.darkmode ? device.theme : undefined,
  fontSizeSetting: device.fontSizeSetting,
  fontSizeScaleFactor: device.fontSizeScaleFactor,
  mode: "default",
});

export const getDeviceInfo = () => ({
  abi: "arm64-v8a",
  deviceAbi: "arm64-v8a",
  benchmarkLevel: 40,
  brand: "devtools",
  model: "iPhone 15",
  system: "iOS 17.0",
  platform: "devtools",
  cpuType: "unknown",
  memorySize: 6144,
});

export const getSystemSetting = () => ({
  bluetoothEnabled: true,
  locationEnabled: true,
  wifiEnabled: true,
  deviceOrientation: innerHeight >= innerWidth ? "portrait" : "landscape",
});

export const getAppAuthorizeSetting = () => ({
  albumAuthorized: "authorized",
  cameraAuthorized: "authorized",
  locationAuthorized: "authorized",
  microphoneAuthorized: "authorized",
  notificationAuthorized: "authorized",
  phoneCalendarAuthorized: "authorized",
});

export const getSystemInfoSync = () => ({
  ...getDeviceInfo(),
  ...getWindowInfo(),
  ...getAppBaseInfo(),
  ...getSystemSetting(),
  ...getAppAuthorizeSetting(),
});
export const getSystemInfo = (/** @type {any} */ options) =>
  settle("getSystemInfo", options, getSystemInfoSync);
export const getSystemInfoAsync = (/** @type {any} */ options) =>
  settle("getSystemInfoAsync", options, getSystemInfoSync);

export const getAccountInfoSync = () => ({
  miniProgram: { appId: runtime.program.appid, envVersion: "develop", version: "" },
});

export function getMenuButtonBoundingClientRect() {
  const { width, height, right, top } = MENU;
  return {
    width,
    height,
    top,
    bottom: top + height,
    left: innerWidth - right - width,
    right: innerWidth - right,
  };
}

export const onThemeChange = (/** @type {any} */ listener) =>
  void runtime.application.listeners.theme.add(listener);
export const offThemeChange = (/** @type {any} */ listener) =>
  void runtime.application.listeners.theme.delete(listener);

export const getNetworkType = (/** @type {any} */ options) =>
  settle("getNetworkType", options, () => ({
    networkType: device.networkType,
    signalStrength: 4,
    hasSystemProxy: false,
    weakNet: false,
  }));
export const onNetworkStatusChange = (/** @type {any} */ listener) =>
  void device.networkListeners.add(listener);
export const offNetworkStatusChange = (/** @type {any} */ listener) =>
  void (listener ? device.networkListeners.delete(listener) : device.networkListeners.clear());

export const setClipboardData = (/** @type {any} */ options) =>
  settle("setClipboardData", options, async () => {
    await authorizePrivacy("setClipboardData");
    device.clipboard = String(options.data);
    note("setClipboardData", options);
    void runtime.wx.showToast({ title: "内容已复制", icon: "success" });
  });
export const getClipboardData = (/** @type {any} */ options) =>
  settle("getClipboardData", options, async () => {
    await authorizePrivacy("getClipboardData");
    return { data: device.clipboard };
  });

const noted = (/** @type {string} */ api) => (/** @type {any} */ options) =>
  settle(api, options, () => note(api, options));
export const vibrateShort = noted("vibrateShort");
export const vibrateLong = noted("vibrateLong");
export const setKeepScreenOn = noted("setKeepScreenOn");

export const makePhoneCall = (/** @type {any} */ options) =>
  settle("makePhoneCall", options, () => {
    if (!options?.phoneNumber)
      throw new Failure("parameter error: phoneNumber should not be empty");
    note("makePhoneCall", options);
  });

/** Answers what the test scripted with wxrun.scan(); `{ cancel: true }` is a person who gave up. */
export const scanCode = (/** @type {any} */ options) =>
  settle("scanCode", options, () => {
    const answer = scans.shift();
    if (!answer)
      throw new Error("wxrun: wx.scanCode has no scripted answer; call wxrun.scan(…) before");
    if (answer.cancel) throw new Failure("cancel");
    return { scanType: "QR_CODE", charSet: "UTF-8", path: "", rawData: "", ...answer };
  });

export const hideKeyboard = (/** @type {any} */ options) =>
  settle("hideKeyboard", options, () =>
    /** @type {HTMLElement | null} */ (document.activeElement)?.blur(),
  );
/** There is no keyboard on the screen, so its height never changes. */
export const onKeyboardHeightChange = () => {};
export const offKeyboardHeightChange = () => {};

/** The browser's window may change its size at any time. */
const resizers = /** @type {Map<any, () => void>} */ (new Map());
export function onWindowResize(/** @type {any} */ listener) {
  const tell = () =>
    listener({
      size: { windowWidth: innerWidth, windowHeight: runtime.frame.viewport.clientHeight },
    });
  resizers.set(listener, tell);
  addEventListener("resize", tell);
}
export function offWindowResize(/** @type {any} */ listener) {
  const tell = resizers.get(listener);
  if (tell) removeEventListener("resize", tell);
}
