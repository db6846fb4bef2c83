/** How grave it is what an item says of pregnancy and poison. */

import type { ICONS } from "../../../build/icons";
import { knowledgeTexts } from "@/texts/knowledge";
import type { Facts } from "./api";

type Pregnancy = NonNullable<Facts["pregnancy"]>;
type Toxicity = NonNullable<Facts["toxicity"]>;
export type Gravity = "danger" | "warning" | "success";

export interface Warning {
  gravity: Gravity;
  icon: (typeof ICONS)[number];
  words: string;
}

const PREGNANCY: Record<Pregnancy, Gravity> = {
  forbidden: "danger",
  cautious: "warning",
  unknown: "warning",
  allowed: "success",
};
const TOXICITY: Record<Toxicity, Gravity> = {
  very: "danger",
  toxic: "danger",
  slight: "warning",
  none: "success",
};
const ICON_OF = {
  danger: "error-triangle",
  warning: "error-circle",
  success: "check-circle",
} as const;
const ORDER: Gravity[] = ["danger", "warning", "success"];

/** The gravest first; nothing where nothing is said. */
export function warningsOf({ pregnancy, toxicity }: Facts): Warning[] {
  const words = knowledgeTexts();
  const found: Warning[] = [];
  if (pregnancy) found.push(warning(PREGNANCY[pregnancy], words.pregnancy[pregnancy]));
  if (toxicity) found.push(warning(TOXICITY[toxicity], words.toxicity[toxicity]));
  return found.sort((one, other) => ORDER.indexOf(one.gravity) - ORDER.indexOf(other.gravity));
}

function warning(gravity: Gravity, words: string): Warning {
  return { gravity, icon: ICON_OF[gravity], words };
}
