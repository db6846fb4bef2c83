import { shallowRef } from "vue";
import type { Problem } from "@/api/problem";

export interface Toast {
  id: number;
  tone: "success" | "danger" | "info";
  text: string;
}

const SHOWN_MS = 4000;
const PROBLEM_SHOWN_MS = 8000;

export const toasts = shallowRef<Toast[]>([]);

let lastId = 0;

export function toast(text: string, tone: Toast["tone"] = "success"): void {
  const id = ++lastId;
  toasts.value = [...toasts.value.slice(-2), { id, tone, text }];
  setTimeout(() => dismiss(id), tone === "danger" ? PROBLEM_SHOWN_MS : SHOWN_MS);
}

/** For what fails outside a form or a list, which show their problems themselves. */
export function showProblem(problem: Problem): void {
  toast(problem.detail, "danger");
}

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((each) => each.id !== id);
}
