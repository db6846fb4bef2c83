import path from "node:path";
import { createRequire } from "node:module";
import { MISSING } from "./elements.mjs";
import { SourceError } from "./source.mjs";

const { TmplGroup } = createRequire(import.meta.url)("glass-easel-template-compiler");
const IMPORTED = /<(?:import|include)\b[^>]*?\bsrc\s*=\s*["']([^"']+)["']/g;
const SCRIPTED = /<wxs\b[^>]*?\bsrc\s*=\s*["']([^"']+)["']/g;
const REQUIRED = /require\(\s*['"]([^'"]+)['"]\s*\)/g;

/**
 * Compiles every WXML and WXS with WeChat's own template compiler.
 * @param {import('./source.mjs').Source} source
 * @param {import('./source.mjs').Part[]} parts
 * @returns {string} a JavaScript expression: path → template
 */
export function compileTemplates(source, parts) {
  const group = new TmplGroup();
  const seen = new Set();
  const problems = [];

  const addScript = (/** @type {string} */ file) => {
    if (seen.has(file)) return;
    seen.add(file);
    const code = source.read(file);
    if (!source.has(file)) problems.push(`${file} is missing`);
    group.addScript(file, code);
    group.addScript(file.replace(/\.wxs$/, ""), code);
    for (const [, reference] of code.matchAll(REQUIRED)) addScript(beside(file, reference));
  };

  const addTemplate = (/** @type {string} */ name, /** @type {string[]} */ components) => {
    if (seen.has(name)) return;
    seen.add(name);
    const markup = withoutComments(source.read(`${name}.wxml`));
    problems.push(...complaints(name, group.addTmpl(name, markup)));
    problems.push(...lackingElements(name, markup, components));
    for (const [, reference] of markup.matchAll(IMPORTED)) {
      addTemplate(source.resolve(name, reference.replace(/\.wxml$/, "")), components);
    }
    for (const [, reference] of markup.matchAll(SCRIPTED))
      addScript(source.resolve(name, reference));
  };

  for (const { path: name, config } of parts)
    addTemplate(name, Object.keys(config.usingComponents));
  if (problems.length) throw new SourceError(problems.join("\n"));
  return group.getTmplGenObjectGroups();
}

const withoutComments = (/** @type {string} */ markup) => markup.replace(/<!--[^]*?-->/g, "");
const beside = (/** @type {string} */ file, /** @type {string} */ reference) =>
  reference.startsWith("/")
    ? reference.slice(1)
    : path.posix.join(path.posix.dirname(file), reference);

function complaints(/** @type {string} */ name, /** @type {any[]} */ found) {
  return (found ?? [])
    .filter((each) => each.isError || each.message === "missing end tag")
    .map((each) => `${name}.wxml:${each.startLine + 1}:${each.startColumn + 1}: ${each.message}`);
}

/** A built-in component without an implementation would show nothing at all, so it stops the build. */
function lackingElements(
  /** @type {string} */ name,
  /** @type {string} */ markup,
  /** @type {string[]} */ components,
) {
  return MISSING.filter(
    (tag) => !components.includes(tag) && new RegExp(`<${tag}[\\s/>]`).test(markup),
  ).map((tag) => `${name}.wxml: wxrun has no <${tag}>; add it under src/runtime/components`);
}
