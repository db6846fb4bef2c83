import type { EditorView } from "@tiptap/pm/view";

/** In columns from the left to the right, down is forward and right is the next line. */
const MOVES: Record<string, ["forward" | "backward", "character" | "line"]> = {
  ArrowDown: ["forward", "character"],
  ArrowUp: ["backward", "character"],
  ArrowRight: ["forward", "line"],
  ArrowLeft: ["backward", "line"],
};

export function moveInColumns(view: EditorView, event: KeyboardEvent): boolean {
  const move = MOVES[event.key];
  if (!move || event.altKey || event.metaKey || event.isComposing) return false;
  const [direction, unit] = move;
  const selection = view.root instanceof Document ? view.root.getSelection() : null;
  if (!selection) return false;
  const step = event.ctrlKey ? (unit === "line" ? "paragraph" : "word") : unit;
  selection.modify(event.shiftKey ? "extend" : "move", direction, step);
  event.preventDefault();
  return true;
}
