import { make, makeText } from "../components/base.js";
import { runInTap } from "../framework/activation.js";

/** Where WeChat's own surfaces lie, above every page. */
const layer = make("div", "wx-layer");
export const overlay = layer;

/**
 * A dialog of WeChat's, not of the page.
 * @param {{ label: string, className?: string, role?: string }} options
 */
export function openSheet({ label, className = "", role = "dialog" }) {
  const cover = make("div", "wx-cover");
  const panel = make("div", `wx-sheet ${className}`, {
    role,
    "aria-label": label,
    "aria-modal": "true",
  });
  cover.append(panel);
  layer.append(cover);
  const close = () => cover.remove();

  /**
   * Adds the buttons and waits for one of them.
   * @param {{ text: string, value: any, isMain?: boolean }[]} choices `value` may be a function
   * @returns {Promise<any>}
   */
  const answer = (choices) =>
    new Promise((resolve) => {
      const bar = make("div", "wx-sheet-buttons");
      for (const { text, value, isMain } of choices) {
        const button = makeText(
          "button",
          isMain ? "wx-sheet-button wx-sheet-main" : "wx-sheet-button",
          text,
        );
        // What the page does with the answer counts as done in a tap.
        button.addEventListener("click", () =>
          runInTap(() => {
            close();
            resolve(typeof value === "function" ? value() : value);
          }),
        );
        bar.append(button);
      }
      panel.append(bar);
    });
  return { panel, answer, close };
}
