import fs from "node:fs";
import path from "node:path";

/** What is wrong with a mini-program's folder; the message names the file. */
export class SourceError extends Error {}

/**
 * @typedef {{ path: string, isPage: boolean, config: Record<string, any> }} Part
 * a page or a component; `path` has no leading slash and no extension
 */

/** A built mini-program's folder, read the way WeChat reads it. */
export class Source {
  /** @param {string} root */
  constructor(root) {
    this.root = path.resolve(root);
    if (!this.has("app.json")) throw new SourceError(`${root} has no app.json`);
    this.app = this.readJson("app.json");
  }

  /** @param {string} file */
  has(file) {
    return fs.existsSync(this.locate(file));
  }

  /** @param {string} file */
  locate(file) {
    return path.join(this.root, file);
  }

  /** @param {string} file @returns {string} empty when there is no such file */
  read(file) {
    return this.has(file) ? fs.readFileSync(this.locate(file), "utf8") : "";
  }

  /** @param {string} file */
  readJson(file) {
    const text = this.read(file);
    try {
      return text ? JSON.parse(text) : {};
    } catch (error) {
      throw new SourceError(`${file}: ${/** @type {Error} */ (error).message}`);
    }
  }

  /** The packages in the order WeChat loads them; the main package has the root ''. */
  packages() {
    const subs = this.app.subPackages ?? this.app.subpackages ?? [];
    const main = { root: "", pages: /** @type {string[]} */ (this.app.pages ?? []) };
    return [
      main,
      ...subs.map(({ root, pages }) => {
        const folder = root.replace(/\/$/, "");
        return {
          root: folder,
          pages: pages.map((/** @type {string} */ page) => `${folder}/${page}`),
        };
      }),
    ];
  }

  /** A reference in a file to another: from the root, relative, or in miniprogram_npm. */
  resolve(/** @type {string} */ from, /** @type {string} */ reference) {
    if (reference.startsWith("/")) return reference.slice(1);
    const relative = path.posix.join(path.posix.dirname(from), reference);
    if (reference.startsWith(".")) return relative;
    return this.has(relative) || this.has(`${relative}.json`)
      ? relative
      : `miniprogram_npm/${reference}`;
  }

  /** Every page, and every component that a page needs. */
  parts() {
    /** @type {Map<string, Part>} */
    const parts = new Map();
    for (const { pages } of this.packages())
      for (const page of pages) this.#collect(page, true, parts);
    return [...parts.values()];
  }

  /** @param {string} name @param {boolean} isPage @param {Map<string, Part>} parts */
  #collect(name, isPage, parts) {
    if (parts.has(name)) return;
    for (const ending of [".js", ".wxml"]) {
      if (!this.has(name + ending)) throw new SourceError(`${name}${ending} is missing`);
    }
    const config = this.readJson(`${name}.json`);
    const usingComponents = this.#componentsOf(name, config);
    parts.set(name, {
      path: name,
      isPage,
      config: { ...config, component: !isPage, usingComponents },
    });
    for (const used of Object.values(usingComponents)) this.#collect(used.slice(1), false, parts);
  }

  /** @returns {Record<string, string>} tag → path from the root */
  #componentsOf(/** @type {string} */ name, /** @type {Record<string, any>} */ config) {
    const own = config.usingComponents ?? {};
    const everywhere = this.app.usingComponents ?? {};
    const resolved = [
      ...Object.entries(everywhere).map(([tag, reference]) => [
        tag,
        this.resolve("app", reference),
      ]),
      ...Object.entries(own).map(([tag, reference]) => [tag, this.resolve(name, reference)]),
    ];
    return Object.fromEntries(resolved.map(([tag, target]) => [tag, `/${target}`]));
  }

  /** Files that pages fetch by their path: pictures, fonts and the like. */
  assets() {
    const code = new Set([".js", ".json", ".wxml", ".wxss", ".wxs", ".map"]);
    return fs
      .readdirSync(this.root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !code.has(path.extname(entry.name)))
      .map((entry) =>
        path.relative(this.root, path.join(entry.parentPath ?? entry.path, entry.name)),
      );
  }
}
