/** One column of a list. Its cell shows `text(row)`, or what the slot `cell-<name>` draws. */
export interface Column<Row> {
  name: string;
  title: string;
  text?: (row: Row) => string;
  /** The server sorts by this name. */
  isSortable?: boolean;
  isNumber?: boolean;
  /** CSS width; columns without one share what is left. */
  width?: string;
  /** Hidden until chosen. */
  isExtra?: boolean;
}

/** `name`, `-name` or nothing, as the server's `sort` parameter has it. */
export function nextSort(current: string, name: string): string {
  if (current === name) return `-${name}`;
  return current === `-${name}` ? "" : name;
}

export function ariaSort(current: string, name: string): "ascending" | "descending" | "none" {
  if (current === name) return "ascending";
  return current === `-${name}` ? "descending" : "none";
}
