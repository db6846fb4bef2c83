import type { Directive } from "vue";

/** Names the control within a component of TDesign, which puts such attributes on its frame. */
export const vNamed: Directive<HTMLElement, string> = (frame, { value }) => {
  const control = frame.querySelector("input:not([type=hidden]), textarea");
  control?.setAttribute("aria-label", value);
};
