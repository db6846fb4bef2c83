import fs from "node:fs";
import path from "node:path";
import esbuild from "esbuild";
import { absentGlobals } from "./absent.mjs";
import { Source } from "./source.mjs";
import { compileStyle } from "./styles.mjs";
import { compileTemplates } from "./templates.mjs";

const RUNTIME = path.join(import.meta.dirname, "../runtime");

/**
 * Makes a web page of a built mini-program: index.html, app.js, style.css and the files it refers to.
 * @param {{ folder: string, out: string, site?: string }} options `site`: the https origin that is
 *   baked into the build and answered by the page's own origin
 * @returns {Promise<{ pages: number, components: number }>}
 */
export async function bundle({ folder, out, site }) {
  const source = new Source(folder);
  const parts = source.parts();
  const program = [
    `const templates = ${compileTemplates(source, parts)}`,
    `globalThis.__wxrunProgram = { templates, ${describe(source, parts, site)}, ${loaders(source, parts)} }`,
  ].join("\n");
  fs.mkdirSync(out, { recursive: true });
  const [logic, runtime] = await Promise.all([bundleLogic(program, source.root), bundleRuntime()]);
  fs.writeFileSync(path.join(out, "app.js"), `${logic}\n${runtime}`);
  fs.copyFileSync(path.join(RUNTIME, "index.html"), path.join(out, "index.html"));
  const sheets = fs.readdirSync(path.join(RUNTIME, "styles")).sort();
  const css = sheets.map((sheet) => fs.readFileSync(path.join(RUNTIME, "styles", sheet), "utf8"));
  fs.writeFileSync(path.join(out, "style.css"), css.join("\n"));
  copyAssets(source, out);
  const pages = parts.filter((part) => part.isPage).length;
  return { pages, components: parts.length - pages };
}

/** @param {Source} source @param {import('./source.mjs').Part[]} parts @param {string} [site] */
function describe(source, parts, site) {
  const facts = {
    app: source.app,
    themes: source.app.themeLocation ? source.readJson(source.app.themeLocation) : {},
    site,
    packages: source.packages(),
    parts: parts.map((part) => ({ ...part, style: compileStyle(source, part.path) })),
    appStyle: compileStyle(source, "app"),
    appid: source.readJson("project.config.json").appid ?? "touristappid",
  };
  return Object.entries(facts)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join(", ");
}

/** Functions that run a module when it is first needed, as WeChat does. */
function loaders(/** @type {Source} */ source, /** @type {import('./source.mjs').Part[]} */ parts) {
  const load = (/** @type {string} */ name) =>
    `${JSON.stringify(name)}: () => require(${JSON.stringify(source.locate(`${name}.js`))})`;
  return `modules: { ${["app", ...parts.map((part) => part.path)].map(load).join(", ")} }`;
}

/** The mini-program's own code, without the globals that only a browser has. */
async function bundleLogic(/** @type {string} */ program, /** @type {string} */ root) {
  const result = await esbuild.build({
    stdin: { contents: program, resolveDir: root },
    bundle: true,
    write: false,
    format: "iife",
    banner: { js: "var notInWeChat = Object.freeze({});" },
    define: { global: "globalThis", ...absentGlobals() },
    logLevel: "error",
    target: "es2022",
  });
  return result.outputFiles[0].text;
}

async function bundleRuntime() {
  const result = await esbuild.build({
    entryPoints: [path.join(RUNTIME, "index.js")],
    bundle: true,
    write: false,
    format: "iife",
    mainFields: ["module", "main"],
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "error",
    target: "es2022",
  });
  return result.outputFiles[0].text;
}

function copyAssets(/** @type {Source} */ source, /** @type {string} */ out) {
  for (const file of source.assets()) {
    fs.mkdirSync(path.dirname(path.join(out, file)), { recursive: true });
    fs.copyFileSync(source.locate(file), path.join(out, file));
  }
}
