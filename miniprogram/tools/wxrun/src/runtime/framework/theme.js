/**
 * A page's settings with the colours of the theme: "@page" stands for what theme.json calls page.
 * @param {Record<string, any>} config
 * @param {Record<string, Record<string, string>>} themes
 * @param {string} theme
 * @returns {Record<string, any>}
 */
export function withTheme(config, themes, theme) {
  const colours = themes[theme] ?? {};
  const resolve = (/** @type {any} */ value) =>
    typeof value === "string" && value.startsWith("@") ? colours[value.slice(1)] : value;
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [name, resolve(value)]));
}

const QUERY = /\(prefers-color-scheme:\s*(dark|light)\)/g;

/**
 * A media query for a phone whose theme is not the browser's.
 * @param {string} query @param {string} theme
 */
export const mediaFor = (query, theme) =>
  query.replace(QUERY, (_, wanted) =>
    wanted === theme ? "(min-width: 0px)" : "(max-width: -1px)",
  );
