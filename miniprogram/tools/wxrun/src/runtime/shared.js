/**
 * What the parts of the runtime need of each other, filled in by index.js when the program starts.
 * @type {{
 *   wx: Record<string, any>,
 *   pages: import('./pages/stack.js').PageStack,
 *   frame: import('./pages/frame.js').Frame,
 *   program: Record<string, any>,
 *   application: import('./application.js').Application,
 * }}
 */
export const runtime = /** @type {any} */ ({});

/** What the runner's own address asks for: index.html?path=…&query=…&scene=…&site=… */
export const launch = new URLSearchParams(location.search);

/**
 * What a person would notice outside the page (a call, an opened document), for tests to look at.
 * @type {{ api: string, options: any }[]}
 */
export const notedCalls = [];

/** @param {string} api @param {any} [options] */
export function note(api, options = {}) {
  const plain = Object.fromEntries(
    Object.entries(options).filter(([, value]) => typeof value !== "function"),
  );
  notedCalls.push({ api, options: plain });
}

/** Shows an error as the page's own, even when the caller catches it. @param {unknown} error */
export function reportLater(error) {
  setTimeout(() => {
    throw error;
  });
}
