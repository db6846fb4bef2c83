/** One short sentence over the page in front, also read out; drawn by app-page. */

import { ref } from "vue";
import { asProblem } from "@/api/problem";

export interface Toast {
  text: string;
  kind: "done" | "problem";
}

const SHOWN_MS = 3500;

export const toast = ref<Toast | null>(null);

let timer: ReturnType<typeof setTimeout> | undefined;

export function say(text: string, kind: Toast["kind"] = "done"): void {
  clearTimeout(timer);
  toast.value = { text, kind };
  timer = setTimeout(() => (toast.value = null), SHOWN_MS);
}

/** Says what went wrong; mistakes in our own code are thrown on. */
export function report(error: unknown): void {
  say(asProblem(error).detail, "problem");
}
