import type { Plugin } from "vite";

/** uni-app fetches a shadow for title bars, which our pages do not have, from a host of its own. */
const SHADOW_RULES =
  /@(-webkit-)?keyframes [\w-]*shadow-preload\s*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}/g;

/** Takes what asks foreign hosts for anything out of the style sheets for browsers. */
export function noForeignHosts(): Plugin {
  return {
    name: "sain-no-foreign-hosts",
    enforce: "post",
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== "asset" || !file.fileName.endsWith(".css")) continue;
        file.source = String(file.source).replace(SHADOW_RULES, "");
      }
    },
  };
}
