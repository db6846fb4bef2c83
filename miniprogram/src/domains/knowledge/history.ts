/** What was searched for on this device; it goes nowhere else. */

import { computed } from "vue";
import { kept } from "@/stores/storage";

const MOST = 12;

const words = kept<string[]>("knowledge-searches", []);

export const searchHistory = computed<readonly string[]>(() => words.value);

/** The latest stands first, each once. */
export function rememberSearch(searched: string): void {
  const latest = searched.trim();
  if (!latest) return;
  words.value = [latest, ...words.value.filter((each) => each !== latest)].slice(0, MOST);
}

export function forgetSearches(): void {
  words.value = [];
}
