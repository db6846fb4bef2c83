// Weighs the packages of a WeChat build. WeChat refuses more than 2 MB; ours stay far below, because
// the main package is what a person waits for at the first start.
//   node budgets.mjs <mp-weixin folder>        exit code 0: within the budgets; 1: not; 2: wrong use
import fs from "node:fs";
import path from "node:path";
import { printTable, weighPackages } from "./sizes.mjs";

const [folder] = process.argv.slice(2);
if (!folder || !fs.existsSync(path.join(folder, "app.json"))) {
  console.error("usage: node budgets.mjs <mp-weixin folder, the one with app.json>");
  process.exit(2);
}
const rows = weighPackages(folder);
console.log(printTable(rows));
process.exit(rows.some((row) => row.isOver) ? 1 : 0);
