/**
 * What WeChat's compiler complains about, in words a person can act on: its message without colours
 * and without the path of this machine, and the file it means.
 * @param {unknown} error
 * @param {string} root the folder that was compiled
 */
export function describeProblem(error, root) {
  const { message, path: file, code } = /** @type {any} */ (error ?? {});
  const text = String(message ?? error)
    .replaceAll(/\u001b\[[0-9;]*m/g, "")
    .replaceAll(`${root}/`, "")
    .trim();
  const where = typeof file === "string" && !text.includes(file) ? `${file}: ` : "";
  const number = code === undefined || text.includes(String(code)) ? "" : ` (${code})`;
  return `WeChat's compiler refuses this:\n${indent(where + text + number)}`;
}

/** @param {string} text */
const indent = (text) =>
  text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
