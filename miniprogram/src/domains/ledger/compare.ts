/** What the log makes of a campaign, held against what the campaign's own page publishes. */

import { asProblem } from "@/api/problem";
import { getCampaign, getStandings, type Campaign, type Standings } from "@/domains/voting/api";
import type { CampaignCount } from "./count";

export type Verdict = "agrees" | "differs" | "running" | "opening" | "alone";

export interface Difference {
  number: number;
  ledger: number;
  published: number;
}

export interface Comparison {
  count: CampaignCount;
  title: string;
  titleMn: string | null;
  verdict: Verdict;
  /** Votes of the entries that stand, as the log has them. */
  votes: number;
  differences: Difference[];
  /** Until the result is published, a decision may be a few seconds ahead of the log. */
  isResult: boolean;
}

/** Raises Problem. */
export async function compare(count: CampaignCount): Promise<Comparison> {
  const campaign = await findCampaign(count.id);
  const own = count.standings();
  const comparison: Comparison = {
    count,
    title: campaign?.title ?? count.title,
    titleMn: campaign?.title_mn ?? null,
    verdict: "alone",
    votes: [...own.values()].reduce((sum, votes) => sum + votes, 0),
    differences: [],
    isResult: count.hasResult,
  };
  if (!campaign) return comparison;
  if (!count.isClosed || count.hidden) {
    return { ...comparison, verdict: campaign.status === "closed" ? "opening" : "running" };
  }
  const published = votesOf(await getStandings(count.id));
  if (!published) return comparison;
  const differences = differ(count, own, published);
  return { ...comparison, differences, verdict: differences.length ? "differs" : "agrees" };
}

/** Null for one that is shown to nobody any more. */
async function findCampaign(id: number): Promise<Campaign | null> {
  try {
    return await getCampaign(id);
  } catch (error) {
    if (asProblem(error).isMissing) return null;
    throw error;
  }
}

/** Null while exact votes are not shown. */
function votesOf({ items, total_votes: total }: Standings): Map<number, number> | null {
  return total === null
    ? null
    : new Map(items.map(({ entry_id: id, votes }) => [id, votes ?? 0] as const));
}

function differ(
  count: CampaignCount,
  own: Map<number, number>,
  published: Map<number, number>,
): Difference[] {
  const ids = [...new Set([...own.keys(), ...published.keys()])];
  return ids
    .map((id) => ({
      number: count.numberOf(id),
      ledger: own.get(id) ?? 0,
      published: published.get(id) ?? 0,
    }))
    .filter(({ ledger, published: told }) => ledger !== told);
}
