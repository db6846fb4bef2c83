import { make, makeText } from "../components/base.js";
import { openSheet } from "./sheets.js";

/**
 * A sheet with columns to choose from, each a listbox.
 * @param {{ title: string, columns: string[][], start: number[],
 *   onColumn?: (column: number, value: number) => string[][] }} wish `onColumn` may change the columns
 * @returns {Promise<number[] | null>} the places chosen, or null
 */
export function askToPick({ title, columns, start, onColumn }) {
  const chosen = [...start];
  const body = make("div", "wx-picker-columns");
  const draw = (/** @type {string[][]} */ lists) => {
    body.replaceChildren(
      ...lists.map((labels, column) =>
        drawColumn(labels, chosen[column], (value) => {
          chosen[column] = value;
          draw(onColumn?.(column, value) ?? lists);
        }),
      ),
    );
    for (const option of body.querySelectorAll("[aria-selected=true]"))
      option.scrollIntoView({ block: "nearest" });
  };
  const sheet = openSheet({ label: title || "请选择", className: "wx-picker-sheet" });
  sheet.panel.append(body);
  draw(columns);
  return sheet.answer([
    { text: "取消", value: null },
    { text: "确定", value: () => [...chosen], isMain: true },
  ]);
}

function drawColumn(
  /** @type {string[]} */ labels,
  /** @type {number} */ selected,
  /** @type {(value: number) => void} */ choose,
) {
  const column = make("div", "wx-picker-column", { role: "listbox" });
  column.append(
    ...labels.map((label, index) => {
      const option = makeText("div", "wx-picker-option", label);
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", String(index === selected));
      option.addEventListener("click", () => choose(index));
      return option;
    }),
  );
  return column;
}
