/** Texts in the script that the person has chosen. */

import { display } from "@/stores/display";
import { mn } from "./mn";
import { zh, type Texts } from "./zh";

export type { Texts };

/** Reactive where it is read while rendering. */
export function texts(): Texts {
  return display.isMongolian ? mn : zh;
}

/** As BCP 47 has it. */
export function language(): string {
  return display.isMongolian ? "mn-Mong" : "zh-Hans";
}

/** Content that was written in one or both languages, with the other where one is missing. */
export function inScript(chinese: string, mongolian: string | null | undefined): string {
  return (display.isMongolian && mongolian) || chinese;
}
