import { api, take } from "@/api/client";

/** What an item said before. */

export interface Segment {
  text: string;
  is_changed: boolean;
}

export interface Difference {
  place: string;
  title: string;
  language: string | null;
  form: string;
  one: Segment[];
  other: Segment[];
}

export interface Revision {
  number: number;
  author_name: string;
  created_at: string;
  saved_at: string;
  is_open: boolean;
  restored_from: number | null;
  is_published: boolean;
  verdicts: {
    verdict: string;
    reviewer_name: string;
    reviewed_at: string;
    reason: string | null;
  }[];
}

export async function readRevisions(itemId: number): Promise<Revision[]> {
  const params = { path: { item_id: itemId } };
  const path = "/api/v1/staff/knowledge/items/{item_id}/revisions";
  return (await take(api.GET(path, { params }))).items;
}

export async function readComparison(
  itemId: number,
  one: number,
  other: number,
): Promise<Difference[]> {
  const params = { path: { item_id: itemId }, query: { one, other } };
  const path = "/api/v1/staff/knowledge/items/{item_id}/comparison";
  return (await take(api.GET(path, { params }))).fields;
}
