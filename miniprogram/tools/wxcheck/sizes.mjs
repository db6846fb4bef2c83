import fs from "node:fs";
import path from "node:path";

export const MAIN_BUDGET = 700 * 1024;
export const SUB_PACKAGE_BUDGET = 1024 * 1024;

/** @param {string} folder @returns {number} bytes of every file below it */
export function sizeOf(folder) {
  let bytes = 0;
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    bytes += entry.isDirectory() ? sizeOf(file) : fs.statSync(file).size;
  }
  return bytes;
}

/**
 * How much of its budget each package takes. Of a sub-package that is named in app.json but has no
 * folder nothing is known, so it is an error.
 * @param {string} folder
 * @returns {{ name: string, bytes: number, budget: number, isOver: boolean }[]}
 */
export function weighPackages(folder) {
  const app = JSON.parse(fs.readFileSync(path.join(folder, "app.json"), "utf8"));
  const roots = (app.subPackages ?? app.subpackages ?? []).map((each) =>
    each.root.replace(/\/$/, ""),
  );
  const parts = roots.map((root) => ({ name: root, bytes: sizeOf(path.join(folder, root)) }));
  const rest = sizeOf(folder) - parts.reduce((sum, part) => sum + part.bytes, 0);
  return [
    row("main", rest, MAIN_BUDGET),
    ...parts.map((part) => row(part.name, part.bytes, SUB_PACKAGE_BUDGET)),
  ];
}

const row = (name, bytes, budget) => ({ name, bytes, budget, isOver: bytes > budget });

/** @param {ReturnType<typeof weighPackages>} rows */
export function printTable(rows) {
  const width = Math.max(...rows.map((each) => each.name.length), "package".length);
  const lines = [`${"package".padEnd(width)}       size     budget   used`];
  for (const { name, bytes, budget, isOver } of rows) {
    const used = `${Math.round((bytes / budget) * 100)} %`.padStart(6);
    lines.push(
      `${name.padEnd(width)} ${kilobytes(bytes)} ${kilobytes(budget)} ${used}${isOver ? "  over" : ""}`,
    );
  }
  return lines.join("\n");
}

const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`.padStart(10);
