import { api, ifMatch, take, type Schema } from "@/api/client";
import type { ListQuery } from "@/composables/list";

export type SynonymGroup = Schema<"SynonymsView">;

export const FEWEST_WORDS = 2;
export const MOST_WORDS = 20;

export function readGroups({ q, ...rest }: ListQuery) {
  const query = { ...rest, search: q };
  return take(api.GET("/api/v1/staff/knowledge/synonyms", { params: { query } }));
}

export async function saveGroup(group: SynonymGroup | null, words: string[]): Promise<void> {
  const body = { words };
  if (!group) {
    await api.POST("/api/v1/staff/knowledge/synonyms", { body });
    return;
  }
  const params = { path: { group_id: group.id }, header: ifMatch(group.revision) };
  await api.PATCH("/api/v1/staff/knowledge/synonyms/{group_id}", { params, body });
}

export async function removeGroup(group: SynonymGroup): Promise<void> {
  const params = { path: { group_id: group.id }, header: ifMatch(group.revision) };
  await api.DELETE("/api/v1/staff/knowledge/synonyms/{group_id}", { params });
}
