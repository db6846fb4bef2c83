/** Everything the pages ask of the server about health knowledge. */

import { fill, get, post, put, remove, type Page, type Schema } from "@/api/client";

export type Card = Schema<"CardView">;
export type Kind = Card["kind"];
export type Item = Schema<"ItemView">;
export type Half = NonNullable<Item["zh"]>;
export type Facts = Item["facts"];
export type Picture = Facts["pictures"][number];
export type Block = Schema<"BlockView">;
export type Component = Schema<"ShownComponentView">;
export type Step = Schema<"ShownStepView">;
export type Link = Item["links"][number];
export type Topic = Schema<"TopicView">;
export type Institution = Schema<"KnowledgeInstitutionView">;
export type Comment = Schema<"ShownCommentView">;
export type OwnComment = Schema<"OwnCommentView">;
export type OwnReport = Schema<"OwnReportView">;
export type Contribution = Schema<"OwnContributionView">;
export type OwnOpinion = Schema<"OwnKnowledgeView">;
export type UnhelpfulReason = NonNullable<NonNullable<OwnOpinion["opinion"]>["reason"]>;
export type SearchAnswer = Schema<"KnowledgeSearchPage">;
export type Hit = SearchAnswer["items"][number];
export type Segment = Hit["name_segments"][number];
export type Suggestion = Schema<"SuggestionView">;

export type Sort = "latest" | "popular";

export interface CardFilter {
  kind?: Kind;
  topic_id?: number;
  organization_id?: number;
  sort?: Sort;
  limit?: number;
  cursor?: string;
}

export interface SearchFilter {
  kind?: Kind;
  topic_id?: number;
  cursor?: string;
}

export function listTopics(): Promise<Topic[]> {
  return get("/api/v1/knowledge/topics").then(({ items }) => items);
}

export function listCards(query: CardFilter): Promise<Page<Card>> {
  return get("/api/v1/knowledge/items", { query: { ...query } });
}

export function getItem(id: number): Promise<Item> {
  return get("/api/v1/knowledge/items/{item_id}", { path: { item_id: id } });
}

/** Counts this reader, once a day. */
export function noteView(id: number): Promise<void> {
  return post("/api/v1/knowledge/items/{item_id}/views", { path: { item_id: id } });
}

export function listComments(id: number, cursor?: string): Promise<Page<Comment>> {
  return get("/api/v1/knowledge/items/{item_id}/comments", {
    path: { item_id: id },
    query: { cursor },
  });
}

export function getInstitution(id: number): Promise<Institution> {
  return get("/api/v1/knowledge/institutions/{organization_id}", {
    path: { organization_id: id },
  });
}

export function search(words: string, filter: SearchFilter): Promise<SearchAnswer> {
  return get("/api/v1/knowledge/search", { query: { q: words, ...filter } });
}

export function suggest(words: string): Promise<Suggestion[]> {
  return get("/api/v1/knowledge/suggestions", { query: { q: words } }).then(({ items }) => items);
}

export function listHotWords(): Promise<string[]> {
  return get("/api/v1/knowledge/hot-words").then(({ items }) => items.map(({ text }) => text));
}

/** Lets a name that was searched for and found become a hot word; of who asked nothing is sent. */
export function noteSearchedName(name: string): Promise<void> {
  return post("/api/v1/knowledge/searched-names", { body: { name }, isAnonymous: true });
}

export function listFavourites(cursor?: string): Promise<Page<Card>> {
  return get("/api/v1/me/knowledge/favourites", { query: { cursor } });
}

export function keepFavourite(id: number, isKept: boolean): Promise<void> {
  const path = { item_id: id };
  return isKept
    ? put("/api/v1/me/knowledge/favourites/{item_id}", { path })
    : remove("/api/v1/me/knowledge/favourites/{item_id}", { path });
}

export function getOwnOpinion(id: number): Promise<OwnOpinion> {
  return get("/api/v1/me/knowledge/items/{item_id}", { path: { item_id: id } });
}

export function giveOpinion(
  id: number,
  opinion: { is_helpful: boolean; reason: UnhelpfulReason | null },
): Promise<void> {
  return put("/api/v1/me/knowledge/items/{item_id}/opinion", {
    path: { item_id: id },
    body: opinion,
  });
}

/** The same key again brings the same report. */
export function reportError(id: number, text: string, key: string): Promise<unknown> {
  return post("/api/v1/me/knowledge/items/{item_id}/reports", {
    path: { item_id: id },
    body: { text },
    idempotencyKey: key,
  });
}

export function listOwnReports(cursor?: string): Promise<Page<OwnReport>> {
  return get("/api/v1/me/knowledge/reports", { query: { cursor } });
}

/** The same key again brings the same comment. */
export function writeComment(id: number, text: string, key: string): Promise<unknown> {
  return post("/api/v1/me/knowledge/items/{item_id}/comments", {
    path: { item_id: id },
    body: { text },
    idempotencyKey: key,
  });
}

export function listOwnComments(cursor?: string): Promise<Page<OwnComment>> {
  return get("/api/v1/me/knowledge/comments", { query: { cursor } });
}

export function removeComment(id: number): Promise<void> {
  return remove("/api/v1/me/knowledge/comments/{comment_id}", { path: { comment_id: id } });
}

export function uploadPicture(bytes: ArrayBuffer): Promise<Schema<"ImageView">> {
  return post("/api/v1/me/pictures", { body: bytes });
}

/** The commissions that something can be sent to. */
export function listReceivers(): Promise<Schema<"BriefOrganizationView">[]> {
  return get("/api/v1/knowledge/receivers").then(({ items }) => items);
}

export interface Gift {
  title: string;
  text: string;
  collected_from: string;
  collected_in: string;
  known_since: string | null;
  picture_ids: number[];
  organization_id: number;
}

/** The same key again brings the same contribution. */
export function contribute(gift: Gift, key: string): Promise<Contribution> {
  return post("/api/v1/me/contributions", { body: gift, idempotencyKey: key });
}

export function listContributions(cursor?: string): Promise<Page<Contribution>> {
  return get("/api/v1/me/contributions", { query: { cursor } });
}

export function getContribution(id: number): Promise<Contribution> {
  return get("/api/v1/me/contributions/{contribution_id}", { path: { contribution_id: id } });
}

/** A picture of a code that leads to the item. */
export function codeAddress(id: number): string {
  return fill("/api/v1/knowledge/items/{item_id}/qr", { item_id: id });
}
