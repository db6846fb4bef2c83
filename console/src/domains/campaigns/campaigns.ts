import { api, take, type Schema } from "@/api/client";

export type Campaign = Schema<"StaffCampaignView">;
export type Contest = Schema<"ContestView">;
export type Entry = Schema<"StaffEntryView">;
export type Nomination = Schema<"NominationView">;

/** Fewer than these cannot be announced. */
export const LEAST_ENTRIES = 2;
/** So long after closing ballots may still be on their way. */
export const SETTLING_MS = 30_000;

const MOST_PER_PAGE = 100;

let contests: Promise<Contest[]> | undefined;

/** The nine contests; asked for once. */
export function readContests(): Promise<Contest[]> {
  contests ??= take(api.GET("/api/v1/contests")).then(
    ({ items }) => items,
    (error: unknown) => {
      contests = undefined;
      throw error;
    },
  );
  return contests;
}

export async function readCampaign(id: number): Promise<Campaign> {
  const params = { path: { campaign_id: id } };
  return take(api.GET("/api/v1/staff/campaigns/{campaign_id}", { params }));
}

/** Every entry of a campaign in order of their numbers, withdrawn ones too. */
export async function readEntries(campaignId: number): Promise<Entry[]> {
  const entries: Entry[] = [];
  let cursor: string | undefined;
  do {
    const params = {
      path: { campaign_id: campaignId },
      query: { limit: MOST_PER_PAGE, sort: "number" as const, cursor },
    };
    const page = await take(api.GET("/api/v1/staff/campaigns/{campaign_id}/entries", { params }));
    entries.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return entries;
}
