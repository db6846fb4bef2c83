/** Everything the pages ask of the server about votes. */

import { fill, get, post, type Page, type Schema } from "@/api/client";
import { read, write } from "@/stores/storage";

export type Campaign = Schema<"CampaignView">;
export type Contest = Schema<"ContestView">;
export type Entry = Schema<"EntryView">;
export type Standings = Schema<"StandingsView">;
export type OwnBallot = Schema<"OwnBallotView">;
export type Receipt = Schema<"BallotReceiptView">;
export type Remaining = Schema<"RemainingNowView">;
export type CampaignStatus = "open" | "scheduled" | "closed" | "suspended";
/** Where in the mini-program a ballot is cast from. */
export type Source = "list" | "search" | "share" | "scan" | "notice";

const ORDERS = 256;
const LARGEST_PAGE = 100;

export function listContests(): Promise<Contest[]> {
  return get("/api/v1/contests").then(({ items }) => items);
}

export function listCampaigns(query: {
  status?: CampaignStatus;
  contest?: string;
  cursor?: string;
  limit?: number;
}): Promise<Page<Campaign>> {
  return get("/api/v1/campaigns", { query });
}

export function getCampaign(id: number): Promise<Campaign> {
  return get("/api/v1/campaigns/{campaign_id}", { path: { campaign_id: id } });
}

/** In an order that is this device's own, so that no entry profits from its place. */
export function listEntries(
  campaignId: number,
  query: { q?: string; cursor?: string },
): Promise<Page<Entry>> {
  return get("/api/v1/campaigns/{campaign_id}/entries", {
    path: { campaign_id: campaignId },
    query: { ...query, seed: ownSeed() },
  });
}

/** Every entry by its number; a campaign has some hundreds at most. */
export async function listAllEntries(campaignId: number): Promise<Entry[]> {
  const entries: Entry[] = [];
  let cursor: string | undefined;
  do {
    const page: Page<Entry> = await get("/api/v1/campaigns/{campaign_id}/entries", {
      path: { campaign_id: campaignId },
      query: { order: "number", limit: LARGEST_PAGE, cursor },
    });
    entries.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return entries;
}

export function getEntry(campaignId: number, entryId: number): Promise<Entry> {
  return get("/api/v1/campaigns/{campaign_id}/entries/{entry_id}", {
    path: { campaign_id: campaignId, entry_id: entryId },
  });
}

export function getStandings(campaignId: number): Promise<Standings> {
  return get("/api/v1/campaigns/{campaign_id}/standings", { path: { campaign_id: campaignId } });
}

export function getRemaining(campaignId: number): Promise<Remaining> {
  return get("/api/v1/me/campaigns/{campaign_id}/remaining", {
    path: { campaign_id: campaignId },
  });
}

export function listOwnBallots(cursor?: string): Promise<Page<OwnBallot>> {
  return get("/api/v1/me/ballots", { query: { cursor } });
}

export function getOwnBallot(id: number): Promise<OwnBallot> {
  return get("/api/v1/me/ballots/{ballot_id}", { path: { ballot_id: id } });
}

/** The same key again brings the same receipt and casts nothing. */
export function castBallot(ballot: {
  campaignId: number;
  entryId: number;
  source: Source;
  key: string;
}): Promise<Receipt> {
  return post("/api/v1/campaigns/{campaign_id}/ballots", {
    path: { campaign_id: ballot.campaignId },
    body: { entry_id: ballot.entryId, source: ballot.source },
    idempotencyKey: ballot.key,
  });
}

/** Where a scanned code leads. */
export function findScene(token: string): Promise<Schema<"SceneView">> {
  return get("/api/v1/scenes/{token}", { path: { token } });
}

/** Where the mini-program's code of an entry is to be had, a picture. */
export function codeAddress(campaignId: number, entryId: number): string {
  return fill("/api/v1/campaigns/{campaign_id}/entries/{entry_id}/code", {
    campaign_id: campaignId,
    entry_id: entryId,
  });
}

/** Drawn once for this device. */
function ownSeed(): number {
  const kept = read<number | null>("seed", null);
  if (kept !== null) return kept;
  const seed = Math.floor(Math.random() * ORDERS);
  write("seed", seed);
  return seed;
}
