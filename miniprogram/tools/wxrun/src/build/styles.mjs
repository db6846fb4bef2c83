import postcss from "postcss";
import selectorParser from "postcss-selector-parser";
import { BUILT_IN } from "./elements.mjs";
import { convertUnits } from "../runtime/framework/units.js";

const IMPORT = /@import\s+(?:url\(\s*)?['"]?([^'")\s;]+)['"]?\s*\)?\s*;?/g;

/** Stands before every class until the runtime knows whether the component's styles are isolated. */
export const SCOPE_MARK = "wxscope__";
/** Stands for the component itself. */
export const HOST_MARK = "wxhost__";

/**
 * One WXSS file, with what it imports, as CSS for the runtime: classes carry the mark of their scope,
 * `page` and built-in tags are the custom elements, rpx and vh follow WeChat's page area.
 * @param {import('./source.mjs').Source} source
 * @param {string} name path without .wxss
 */
export function compileStyle(source, name) {
  const root = postcss.parse(inlineImports(source, name, new Set()), { from: `${name}.wxss` });
  root.walkDecls((declaration) => {
    declaration.value = rebaseUrls(source, name, convertUnits(declaration.value));
  });
  root.walkAtRules((rule) => {
    rule.params = convertUnits(rule.params);
  });
  root.walkRules((rule) => {
    if (rule.parent?.type === "atrule" && /keyframes$/.test(rule.parent.name)) return;
    rule.selector = markScopes(rule.selector);
  });
  return root.toString();
}

function inlineImports(source, name, seen) {
  if (seen.has(name)) return "";
  seen.add(name);
  const css = source.read(`${name}.wxss`).replace(/\/\*[^]*?\*\//g, "");
  return css.replace(IMPORT, (_, reference) =>
    inlineImports(source, source.resolve(name, reference.replace(/\.wxss$/, "")), seen),
  );
}

/** @param {string} selector */
export function markScopes(selector) {
  const transform = selectorParser((selectors) => {
    selectors.walkClasses((each) => {
      each.value = SCOPE_MARK + each.value;
    });
    selectors.walkTags((each) => {
      if (each.value === "page") each.value = "wx-page";
      else if (BUILT_IN.includes(each.value)) each.value = `wx-${each.value}`;
    });
    selectors.walkPseudos((each) => {
      if (each.value === ":host") each.replaceWith(hostSelector());
    });
  });
  return transform.processSync(selector);
}

const hostSelector = () =>
  selectorParser.attribute({
    attribute: "wx-host",
    operator: "=",
    value: HOST_MARK,
    quoteMark: null,
    raws: {},
  });

/** A local picture in a style is found from the file's own folder; the page lives at the root. */
function rebaseUrls(source, name, value) {
  return value.replace(
    /url\(\s*(['"]?)(?!data:|https?:|\/\/|#)([^'")]+)\1\s*\)/g,
    (_, quote, reference) => {
      return `url(${quote}${source.resolve(name, reference.startsWith("/") ? reference : `./${reference}`)}${quote})`;
    },
  );
}
