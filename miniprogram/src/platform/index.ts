import { browser } from "./browser";
import type { Platform } from "./platform";
import { weapp } from "./weapp";

// Known when the app is built, so each build keeps its own side only.
export const platform: Platform = process.env.UNI_PLATFORM === "mp-weixin" ? weapp : browser;

export type * from "./platform";
