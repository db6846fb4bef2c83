/** Texts of the pages of health knowledge: apart, so that the first look stays light. */

import { display } from "@/stores/display";
import { mn } from "./mn";
import { zh, type KnowledgeTexts } from "./zh";

export type { KnowledgeTexts };

export type Language = "zh" | "mn";

/** In the person's script, or in the one that is asked for; reactive where it is read. */
export function knowledgeTexts(language?: Language): KnowledgeTexts {
  const isMongolian = language ? language === "mn" : display.isMongolian;
  return isMongolian ? mn : zh;
}
