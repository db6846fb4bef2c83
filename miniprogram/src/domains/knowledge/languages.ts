/** Content that was written in one or both languages: neither needs to be there. */

import type { Language } from "@/texts/knowledge";
import { display } from "@/stores/display";
import type { Item } from "./api";

export function inEither(chinese: string | null, mongolian: string | null): string {
  return (display.isMongolian ? mongolian || chinese : chinese || mongolian) ?? "";
}

/** Of one's own script, or else of the other one. */
export function languageToShow(item: Pick<Item, "zh" | "mn">, wanted: Language): Language {
  const other = wanted === "zh" ? "mn" : "zh";
  return item[wanted] ? wanted : other;
}

export function isMongolianText(text: string): boolean {
  return /^[^\p{L}]*[\u1820-\u18aa]/u.test(text);
}
