/** How this person wants to see things: size, script and colours; kept on the device. */

import { computed, reactive, ref } from "vue";
import { platform } from "@/platform";
import { kept } from "./storage";

export type Theme = "system" | "light" | "dark";

const FONT_FAMILY = "Noto Sans Mongolian";
const PAGE_COLOURS = { light: "#f5f7f4", dark: "#121715" };

const isElder = kept("elder", false);
const isMongolian = kept("mongolian", false);
const theme = kept<Theme>("theme", "system");
const system = ref({ isDark: false, fontScale: 1 });

const isDark = computed(() =>
  theme.value === "system" ? system.value.isDark : theme.value === "dark",
);

export const display = reactive({
  isElder,
  isMongolian,
  theme,
  isDark,
  /** From the device's own setting; our sizes are multiplied by it. */
  fontScale: computed(() => Math.min(2, Math.max(1, system.value.fontScale))),
});

/** Once, when the app starts. */
export function watchSystemDisplay(): void {
  system.value = platform.systemDisplay();
  platform.onThemeChange((dark) => (system.value = { ...system.value, isDark: dark }));
}

export function paintFrame(): void {
  platform.paintFrame(isDark.value, PAGE_COLOURS[isDark.value ? "dark" : "light"]);
}

let hasFont = false;

/** The Mongolian letters, fetched when they are first needed. */
export function loadMongolianFont(siteUrl: string): void {
  if (hasFont) return;
  hasFont = true;
  platform.loadFont(FONT_FAMILY, `${siteUrl}/static/h5/fonts/noto-sans-mongolian.woff2`);
}
