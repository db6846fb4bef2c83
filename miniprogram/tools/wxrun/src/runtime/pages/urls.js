/**
 * A page's address, as wx.navigateTo takes it, read from the page that asks. Values of the query stay
 * encoded: WeChat hands them over as they are.
 * @param {string} url @param {string} from path of the asking page
 * @returns {{ path: string, query: Record<string, string>, search: string }}
 */
export function readUrl(url, from = "") {
  const [reference, search = ""] = splitOnce(String(url), "?");
  return { path: resolvePath(reference, from), query: readQuery(search), search };
}

/** @param {string} search @returns {Record<string, string>} */
export function readQuery(search) {
  const pairs = search
    .split("&")
    .filter(Boolean)
    .map((pair) => splitOnce(pair, "="));
  return Object.fromEntries(pairs.map(([name, value = ""]) => [name, value]));
}

function resolvePath(/** @type {string} */ reference, /** @type {string} */ from) {
  const steps = reference.startsWith("/") ? [] : from.split("/").slice(0, -1);
  for (const step of reference.split("/")) {
    if (step === "..") steps.pop();
    else if (step && step !== ".") steps.push(step);
  }
  return steps.join("/");
}

/** @returns {[string, string | undefined]} */
function splitOnce(/** @type {string} */ text, /** @type {string} */ mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
