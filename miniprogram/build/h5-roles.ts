import type { Plugin } from "vite";

const TEMPLATES = /\.vue(\?vue&type=template|$)/;

/**
 * Pages write `aria-role`, which WeChat reads. Browsers read `role`, and know nothing of the roles
 * that the mini-program's own elements have: both are added in the build for browsers.
 */
export function h5Roles(): Plugin {
  return {
    name: "sain-h5-roles",
    enforce: "pre",
    transform(code, id) {
      if (process.env.UNI_PLATFORM !== "h5" || !TEMPLATES.test(id)) return null;
      return code
        .replace(/(\s:?)aria-role=/g, "$1role=")
        .replace(/<button(?=[\s>])(?![^>]*\srole=)/g, '<button role="button" tabindex="0"');
    },
  };
}
