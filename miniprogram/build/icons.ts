import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

/** The drawings of TDesign's icon set that our pages show; `app-icon` takes these names. */
export const ICONS = [
  "app",
  "add",
  "book-open",
  "browse",
  "chat-bubble",
  "calendar",
  "check",
  "check-circle",
  "chevron-left",
  "chevron-right",
  "close",
  "close-circle",
  "delete",
  "download",
  "edit",
  "error-circle",
  "error-triangle",
  "file",
  "heart",
  "heart-filled",
  "history",
  "home",
  "image",
  "info-circle",
  "institution",
  "lock-on",
  "logout",
  "mail",
  "chart-bar",
  "mobile",
  "moon",
  "notification",
  "play-circle",
  "print",
  "qrcode",
  "refresh",
  "secured",
  "scan",
  "search",
  "setting",
  "share",
  "sound",
  "star",
  "star-filled",
  "stop-circle",
  "sunny",
  "textformat-bold",
  "thumb-down",
  "thumb-up",
  "time",
  "translate",
  "user",
  "verify",
  "wifi-off",
] as const;

const STYLE_SHEET = "virtual:icons.css";
// TDesign's own sheet has 2,300 icons and takes their glyphs from a foreign host.
const TDESIGN_SHEET = /@tdesign\/uniapp\/dist\/icon\/icon\.css/;

/** Serves the icons as one style sheet of masks, in the colour of the text around them. */
export function icons(): Plugin {
  return {
    name: "sain-icons",
    enforce: "pre",
    resolveId(id) {
      return id === STYLE_SHEET ? `\0${STYLE_SHEET}` : null;
    },
    load(id) {
      if (id === `\0${STYLE_SHEET}`) return ICONS.map(rule).join("\n");
      return TDESIGN_SHEET.test(id) ? "" : null;
    },
  };
}

function rule(name: string): string {
  const mask = `url("data:image/svg+xml,${read(name)}")`;
  return `.icon-${name}{-webkit-mask-image:${mask};mask-image:${mask}}`;
}

function read(name: string): string {
  const require = createRequire(join(process.cwd(), "package.json"));
  const folder = join(dirname(require.resolve("tdesign-icons-svg/package.json")), "src");
  return readFileSync(join(folder, `${name}.svg`), "utf8")
    .replace("view-box", "viewBox")
    .replace(/ (class|id|width|height)="[^"]*"/g, "")
    .replace(/currentColor/g, "#000")
    .replace(/"/g, "'")
    .replace(/\s*\n\s*/g, "")
    .replace(/[<>#%]/g, encodeURIComponent);
}
