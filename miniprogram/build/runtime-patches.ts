import type { Plugin } from "vite";

/** A style rule by which uni-app fetches a shadow for title bars, which our pages do not have. */
const SHADOW_RULES =
  /@(-webkit-)?keyframes [\w-]*shadow-preload\s*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}/g;

/**
 * Mends what uni-app's own code does in our pages: it asks a host of its makers for a picture, and
 * leaves the pictures inside its image elements, which carry the name, without an empty one.
 */
export function runtimePatches(): Plugin {
  return {
    name: "sain-runtime-patches",
    enforce: "post",
    transform(code, id) {
      if (id.includes("uni-mp-weixin")) return code.replace(/wx\.preloadAssets/g, "undefined");
      if (!id.includes("uni-h5")) return null;
      return code.replace(/(\bimg\d*)\.draggable = /, '$1.alt = "";\n$&');
    },
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== "asset" || !file.fileName.endsWith(".css")) continue;
        file.source = String(file.source).replace(SHADOW_RULES, "");
      }
    },
  };
}
