import { api, take } from "@/api/client";
import { readScreening, type Campaign, type Screening } from "./screening";

export interface Review {
  campaign: Campaign;
  screening: Screening;
}

const REVIEWED = ["open", "suspended", "closed"] as const;
const MOST_PER_STATUS = 20;

/** Campaigns whose ballots can still be reviewed, those with something waiting first. */
export async function readReviews(): Promise<Review[]> {
  const pages = await Promise.all(
    REVIEWED.map((status) => {
      const query = { status, limit: MOST_PER_STATUS };
      return take(api.GET("/api/v1/staff/campaigns", { params: { query } }));
    }),
  );
  const campaigns = pages
    .flatMap(({ items }) => items)
    .filter(({ result_published_at: publishedAt }) => publishedAt === null);
  const reviews = await Promise.all(
    campaigns.map(async (campaign) => ({
      campaign,
      screening: await readScreening(campaign.id),
    })),
  );
  return reviews.sort((one, other) => waiting(other.screening) - waiting(one.screening));
}

function waiting(screening: Screening): number {
  return screening.open_groups + screening.open_objections + screening.counts.quarantined;
}
