import type { PaymentOrder, Place, Platform } from "./platform";

/** What this file asks of WeChat beyond what uni-app wraps. */
interface PrivacyResolution {
  (answer: { event: "agree" | "disagree"; buttonId?: string }): void;
}

interface Answers {
  success: () => void;
  fail: () => void;
}

interface WeChat {
  shareFileMessage(file: { filePath: string; fileName: string } & Answers): void;
  onNeedPrivacyAuthorization?(listener: (resolve: PrivacyResolution) => void): void;
}

declare const wx: WeChat;

// WeChat opens no other files; they can be sent into a chat.
const DOCUMENT = /\.(xlsx|docx|pdf)$/;

/** The button of the consent sheet that WeChat watches (open-type agreePrivacyAuthorization). */
export const CONSENT_BUTTON = "consent-agree";

export const weapp: Platform = {
  name: "weapp",
  hasPhoneNumbers: true,
  hasSubscriptions: true,
  hasScanner: true,
  hasShareButton: true,

  async requestSignInCode() {
    const { code } = await uni.login({ provider: "weixin" });
    return { kind: "mini-program", code };
  },

  takeReturnedCode: () => null,

  requestSubscriptions(templateIds) {
    return new Promise((resolve) =>
      uni.requestSubscribeMessage({
        tmplIds: templateIds,
        success: (answer) => resolve(answer as unknown as Record<string, string>),
        // Switched off in the settings, asked in the background: nothing was accepted.
        fail: () => resolve({}),
      }),
    );
  },

  onConsentNeeded(ask) {
    wx.onNeedPrivacyAuthorization?.((resolve) => {
      void ask().then((isGiven) =>
        resolve(isGiven ? { event: "agree", buttonId: CONSENT_BUTTON } : { event: "disagree" }),
      );
    });
  },

  // The page's own onShareAppMessage answers the button; there is nothing to call.
  share: async () => "shared",

  scan: () =>
    new Promise((resolve) =>
      uni.scanCode({
        success: ({ result, path }) => resolve(path || result),
        fail: () => resolve(null),
      }),
    ),

  locate: () =>
    new Promise<Place | null>((resolve) =>
      uni.getLocation({ type: "gcj02", success: resolve, fail: () => resolve(null) }),
    ),

  pay: (order: PaymentOrder) =>
    new Promise((resolve) =>
      uni.requestPayment({
        provider: "wxpay",
        orderInfo: "",
        ...order,
        success: () => resolve(true),
        fail: () => resolve(false),
      }),
    ),

  choosePictures: (most) =>
    new Promise((resolve) =>
      uni.chooseImage({
        count: most,
        sizeType: ["compressed"],
        success: ({ tempFilePaths }) =>
          resolve(
            ([] as string[])
              .concat(tempFilePaths)
              .map((path) => ({ path, readBytes: () => readFile(path) })),
          ),
        fail: () => resolve([]),
      }),
    ),

  // WeChat reads aloud by a plugin only, which sends the text to its makers.
  findVoice: async () => null,

  async openCanvas(selector, width, height) {
    const canvas = Object.assign(await findCanvas(selector), { width, height });
    return {
      context: canvas.getContext("2d"),
      loadPicture: (address) =>
        new Promise((resolve, reject) => {
          const picture = canvas.createImage();
          picture.onload = () => resolve(picture);
          picture.onerror = reject;
          picture.src = address;
        }),
      toPicture: () =>
        new Promise((resolve, reject) =>
          // The types know only the older way, by the canvas's id.
          uni.canvasToTempFilePath({
            canvas,
            destWidth: width,
            destHeight: height,
            success: ({ tempFilePath }: { tempFilePath: string }) => resolve(tempFilePath),
            fail: reject,
          } as never),
        ),
    };
  },

  savePicture: (path) =>
    new Promise((resolve) =>
      uni.saveImageToPhotosAlbum({
        filePath: path,
        success: () => resolve(true),
        fail: () => resolve(false),
      }),
    ),

  openFile(bytes, name) {
    const filePath = `${uni.env.USER_DATA_PATH}/${name}`;
    return new Promise((resolve) => {
      const answers = { success: () => resolve(true), fail: () => resolve(false) };
      uni.getFileSystemManager().writeFile({
        filePath,
        data: bytes,
        success: () => showFile(filePath, name, answers),
        fail: answers.fail,
      });
    });
  },

  systemDisplay() {
    const { theme, fontSizeScaleFactor } = uni.getAppBaseInfo() as {
      theme?: string;
      fontSizeScaleFactor?: number;
    };
    return { isDark: theme === "dark", fontScale: fontSizeScaleFactor ?? 1 };
  },

  onThemeChange: (listener) => uni.onThemeChange(({ theme }) => listener(theme === "dark")),

  onNetworkChange: (listener) =>
    uni.onNetworkStatusChange(({ isConnected }) => listener(isConnected)),

  titleInsets() {
    const { statusBarHeight = 0, windowWidth } = uni.getWindowInfo();
    const capsule = uni.getMenuButtonBoundingClientRect();
    return { top: statusBarHeight, right: capsule.width ? windowWidth - capsule.left : 0 };
  },

  loadFont: (family, address) =>
    uni.loadFontFace({ family, source: `url("${address}")`, global: true }),

  listenToKeys() {
    // Phones have none.
  },

  paintFrame(isDark, pageColour) {
    const frontColor = isDark ? "#ffffff" : "#000000";
    uni.setNavigationBarColor({ frontColor, backgroundColor: pageColour });
    uni.setBackgroundColor({ backgroundColor: pageColour });
  },
};

/** A canvas of type 2d, as WeChat hands it out. */
interface CanvasNode {
  width: number;
  height: number;
  getContext(type: "2d"): CanvasRenderingContext2D;
  createImage(): HTMLImageElement;
}

function readFile(filePath: string): Promise<ArrayBuffer> {
  return new Promise((resolve, reject) =>
    uni.getFileSystemManager().readFile({
      filePath,
      success: ({ data }) => resolve(data as ArrayBuffer),
      fail: reject,
    }),
  );
}

function findCanvas(selector: string): Promise<CanvasNode> {
  return new Promise((resolve, reject) =>
    uni
      .createSelectorQuery()
      .select(selector)
      .fields({ node: true, size: true }, (found) => {
        const node = (found as { node?: CanvasNode } | null)?.node;
        if (node) resolve(node);
        else reject(new Error(`there is no canvas ${selector}`));
      })
      .exec(),
  );
}

function showFile(filePath: string, fileName: string, answers: Answers): void {
  if (DOCUMENT.test(fileName)) uni.openDocument({ filePath, showMenu: true, ...answers });
  else wx.shareFileMessage({ filePath, fileName, ...answers });
}
