import { api, take, type Page, type Schema } from "@/api/client";
import { session } from "@/session/session";
import type { ListQuery } from "@/composables/list";

export type Card = Schema<"StaffKnowledgeCardView">;
export type Kind = Card["kind"];
export type ShownItem = Schema<"ItemView">;
export type Organization = Schema<"OrganizationBrief">;

export function readCards({ q, ...rest }: ListQuery) {
  const query = { ...rest, search: q };
  return take(api.GET("/api/v1/staff/knowledge/items", { params: { query } }));
}

/** What citizens can read, the latest first; by words, the best match first. */
export function readPublished({ q, ...query }: ListQuery): Promise<Page<Schema<"CardView">>> {
  return q
    ? take(api.GET("/api/v1/knowledge/search", { params: { query: { ...query, q } } }))
    : take(api.GET("/api/v1/knowledge/items", { params: { query } }));
}

/** An item as citizens read it. */
export function readShown(id: number): Promise<ShownItem> {
  const params = { path: { item_id: id } };
  return take(api.GET("/api/v1/knowledge/items/{item_id}", { params }));
}

const WRITING = new Set<string>([
  "institution_staff",
  "institution_manager",
  "district_officer",
  "district_manager",
  "city_officer",
  "region_officer",
]);

/** The organizations this person writes for: where they hold a role that writes. */
export function ownOrganizations(): Organization[] {
  const held = (session.value?.grants ?? []).filter(({ role }) => WRITING.has(role));
  const byId = new Map(held.map(({ organization }) => [organization.id, organization]));
  return [...byId.values()];
}
