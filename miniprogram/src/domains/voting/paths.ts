/** The addresses of this domain's pages. */

import type { Source } from "./api";

export function campaignPage(id: number, source?: Source): string {
  return withSource(`/pages-vote/campaign/index?id=${id}`, source);
}

export function entryPage(campaignId: number, entryId: number, source?: Source): string {
  return withSource(`/pages-vote/entry/index?campaign=${campaignId}&id=${entryId}`, source);
}

export function standingsPage(campaignId: number): string {
  return `/pages-vote/standings/index?id=${campaignId}`;
}

export function posterPage(campaignId: number, entryId: number): string {
  return `/pages-vote/poster/index?campaign=${campaignId}&id=${entryId}`;
}

export const BALLOTS_PAGE = "/pages-vote/ballots/index";

export function receiptPage(ballotId: number): string {
  return `/pages-vote/receipt/index?id=${ballotId}`;
}

function withSource(path: string, source: Source | undefined): string {
  return source ? `${path}&source=${source}` : path;
}
