/** Where a notice is read, and where it leads. */

import { countPage } from "@/domains/ledger/paths";
import { contributionPage, itemPage } from "@/domains/knowledge/paths";
import { standingsPage } from "@/domains/voting/paths";
import type { Notice } from "./api";

export const NOTICES_PAGE = "/pages-me/notices/index";

const ABOUT_BALLOTS = new Set(["ballots_set_aside", "ballots_decided", "objection_answered"]);

/** Null where there is nothing to go to, or a kind of thing that this version does not know. */
export function targetPage({ kind, target }: Notice): string | null {
  if (target?.type === "knowledge_item") return itemPage(target.id);
  if (target?.type === "contribution") return contributionPage(target.id);
  if (target?.type !== "campaign") return null;
  return ABOUT_BALLOTS.has(kind) ? countPage(target.id) : standingsPage(target.id);
}
