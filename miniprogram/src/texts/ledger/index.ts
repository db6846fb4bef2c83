/** Texts of the pages about the ledger: apart from the others, so that the first look stays light. */

import { display } from "@/stores/display";
import { mn } from "./mn";
import { zh, type LedgerTexts } from "./zh";

export type { LedgerTexts };

/** Reactive where it is read while rendering. */
export function ledgerTexts(): LedgerTexts {
  return display.isMongolian ? mn : zh;
}
