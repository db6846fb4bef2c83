import { mediaFor } from "./theme.js";

/** Must be the marks that build/styles.mjs writes. */
const SCOPE_MARK = "wxscope__";
const HOST_MARK = "wxhost__";

/** The name before a component's own classes. */
export const scopeOf = (/** @type {string} */ path) => path.replace(/[^\w-]+/g, "-");

/** @param {string} css @param {string} path @param {boolean} isShared */
export function placeInScope(css, path, isShared) {
  const scope = scopeOf(path);
  return css
    .replaceAll(HOST_MARK, `"${scope}"`)
    .replaceAll(SCOPE_MARK, isShared ? "" : `${scope}--`);
}

/**
 * The style sheets in the document. In WeChat every page has a document of its own, so only the sheets
 * of the page on top are switched on.
 */
export class StyleSheets {
  /** @type {Map<string, HTMLStyleElement>} */
  #sheets = new Map();
  /** @type {string | null} */
  theme = null;

  /** @param {string} appStyle */
  constructor(appStyle) {
    this.#add("app", placeInScope(appStyle, "app", true));
    this.pagesBegin = document.head.appendChild(document.createElement("meta"));
  }

  /** @param {import('./space.js').Space} space @param {string} page */
  show(space, page) {
    const needed = new Set(["app", ...space.closure(page)]);
    for (const path of needed) if (!this.#sheets.has(path)) this.#addPart(space, path);
    for (const [path, sheet] of this.#sheets) sheet.disabled = !needed.has(path);
  }

  /** Gives the sheets a theme that is not the browser's; null gives it back. */
  follow(/** @type {string | null} */ theme) {
    this.theme = theme;
    for (const sheet of this.#sheets.values()) this.#paint(sheet);
  }

  #paint(/** @type {HTMLStyleElement & { asWritten?: string }} */ sheet) {
    const css = sheet.asWritten ?? "";
    const wanted = this.theme ? mediaFor(css, this.theme) : css;
    if (sheet.textContent !== wanted) sheet.textContent = wanted;
  }

  #addPart(/** @type {import('./space.js').Space} */ space, /** @type {string} */ path) {
    const part = space.parts.get(path);
    const css = placeInScope(part?.style ?? "", path, space.isShared(path));
    this.#add(path, css, part?.isPage ? null : this.pagesBegin);
  }

  #add(
    /** @type {string} */ path,
    /** @type {string} */ css,
    /** @type {Node | null} */ before = null,
  ) {
    const sheet = Object.assign(document.createElement("style"), { asWritten: css });
    sheet.dataset.wxss = path;
    this.#paint(sheet);
    document.head.insertBefore(sheet, before);
    this.#sheets.set(path, sheet);
  }
}

/**
 * Class names as the component that wrote them has them in the DOM.
 * @param {any} node glass-easel's element @param {string} names
 */
export function scopedClasses(node, names) {
  const host = node.ownerShadowRoot?.getHostNode();
  if (!host || !names) return [];
  const { styleScope, extraStyleScope } = host.getComponentOptions();
  const manager = host.getRootBehavior().ownerSpace.styleScopeManager;
  const scopes = [styleScope, extraStyleScope].filter(
    (each) => each !== undefined && each !== null,
  );
  return names
    .split(/\s+/)
    .filter(Boolean)
    .flatMap((name) =>
      scopes.map((scope) => {
        const prefix = manager.queryName(scope);
        return prefix ? `${prefix}--${name}` : name;
      }),
    );
}
