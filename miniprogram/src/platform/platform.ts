/** What differs between WeChat and a browser. Pages know this interface only. */

export interface SignInCode {
  kind: "mini-program" | "official-account";
  code: string;
}

export interface ReturnedCode {
  code: SignInCode;
  policyVersion: string;
}

/** Insets in CSS pixels that the title bar keeps free. */
export interface Insets {
  top: number;
  /** For what the platform draws in the title bar's right corner. */
  right: number;
}

export interface SystemDisplay {
  isDark: boolean;
  /** 1 for the usual size of text. */
  fontScale: number;
}

export interface Place {
  latitude: number;
  longitude: number;
}

/** As wx.requestPayment takes it, signed by the server. */
export interface PaymentOrder {
  timeStamp: string;
  nonceStr: string;
  package: string;
  signType: "RSA";
  paySign: string;
}

export interface SharedPage {
  title: string;
  /** A page with its query, as navigateTo takes it. */
  path: string;
  imageUrl?: string;
}

export interface ChosenPicture {
  /** To show it on this device. */
  path: string;
  readBytes(): Promise<ArrayBuffer>;
}

/** Something that reads Chinese aloud. */
export interface Voice {
  /** Resolves when everything has been read or `stop` was called. */
  read(text: string): Promise<void>;
  stop(): void;
}

export interface Canvas {
  context: CanvasRenderingContext2D;
  /** Fetches a picture to draw; rejects when it cannot be had. */
  loadPicture(address: string): Promise<CanvasImageSource & { width: number; height: number }>;
  /** The path of what was drawn, for an image or to save. */
  toPicture(): Promise<string>;
}

export interface Platform {
  readonly name: "weapp" | "browser";
  /** Whether the platform hands out phone numbers to a button. */
  readonly hasPhoneNumbers: boolean;
  readonly hasSubscriptions: boolean;
  readonly hasScanner: boolean;
  /** Whether a button of open-type share opens the platform's own sharing. */
  readonly hasShareButton: boolean;

  /**
   * A sign-in code, or null when the browser leaves for WeChat's page, whose address `findPage`
   * tells, and will come back.
   */
  requestSignInCode(
    policyVersion: string,
    findPage: (state: string) => Promise<string>,
  ): Promise<SignInCode | null>;
  /** What WeChat's page sent the browser back with; once. */
  takeReturnedCode(): ReturnedCode | null;

  /** What the person answered for each template; call it in a tap only. */
  requestSubscriptions(templateIds: string[]): Promise<Record<string, string>>;

  /** Calls `ask` when WeChat needs consent for a private interface. */
  onConsentNeeded(ask: () => Promise<boolean>): void;

  /** Hands a page to others; "copied" when the address was put on the clipboard instead. */
  share(page: SharedPage): Promise<"shared" | "copied" | "cancelled">;
  /** The text of a scanned code, or null when the person turned back. */
  scan(): Promise<string | null>;
  /** Null when the person or the device refuses. */
  locate(): Promise<Place | null>;
  /** False when the person turned back; the server learns of the payment by itself. */
  pay(order: PaymentOrder): Promise<boolean>;
  /** None when the person turned back. */
  choosePictures(most: number): Promise<ChosenPicture[]>;
  /** Null where nothing on the device reads Chinese aloud. */
  findVoice(): Promise<Voice | null>;
  /** A canvas to draw on; `selector` finds the page's own where the platform needs one. */
  openCanvas(selector: string, width: number, height: number): Promise<Canvas>;
  /** False when the person or the device refuses. */
  savePicture(path: string, name: string): Promise<boolean>;
  /**
   * Opens a downloaded file, sends it on, or hands it to the browser to save; false when the person
   * turned back or the device has no room.
   */
  openFile(bytes: ArrayBuffer, name: string): Promise<boolean>;

  systemDisplay(): SystemDisplay;
  onThemeChange(listener: (isDark: boolean) => void): void;
  onNetworkChange(listener: (isConnected: boolean) => void): void;
  titleInsets(): Insets;
  loadFont(family: string, address: string): void;
  /** Lets Enter and the space bar press what has the focus, where there are keys. */
  listenToKeys(): void;
  /** Paints what lies behind the pages, and the platform's own marks above them. */
  paintFrame(isDark: boolean, pageColour: string): void;
}
