/** Where a link between items and everything else leads, and what is to be read of it. */

import type { ICONS } from "../../../build/icons";
import { entryPage } from "@/domains/voting/paths";
import { inScript, texts } from "@/texts";
import { knowledgeTexts } from "@/texts/knowledge";
import type { Link } from "./api";
import { institutionPage, itemPage } from "./paths";

export interface LinkRow {
  key: string;
  icon: (typeof ICONS)[number];
  title: string;
  /** What it is, and whose. */
  fact: string;
  /** Null where there is nothing to go to. */
  url: string | null;
}

const ICON_OF: Record<Link["target"], LinkRow["icon"]> = {
  item: "book-open",
  organization: "institution",
  entry: "thumb-up",
  doctor: "user",
  activity: "calendar",
  plant: "browse",
};

export function linkRow(link: Link): LinkRow {
  const { target, id, name, name_mn: mongolian, card, organization } = link;
  const words = card ? texts().knowledge.kinds[card.kind] : knowledgeTexts().targets[target];
  const whose = organization ? inScript(organization.name, organization.name_mn) : "";
  return {
    key: `${target}-${id ?? `${organization?.id}-${name}`}`,
    icon: ICON_OF[target],
    title: inScript(name, mongolian),
    fact: whose && organization?.name !== name ? `${words} · ${whose}` : words,
    url: pageOf(link),
  };
}

function pageOf({ target, id, campaign_id: campaignId, organization }: Link): string | null {
  if (target === "item" && id !== null) return itemPage(id);
  if (target === "organization" && id !== null) return institutionPage(id);
  if (target === "entry" && id !== null && campaignId !== null) return entryPage(campaignId, id);
  return organization ? institutionPage(organization.id) : null;
}
