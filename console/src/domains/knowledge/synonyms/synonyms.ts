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

/** Which word is in which other group, in a sentence; nothing where none was found. */
export async function findTaken(words: string[], own: SynonymGroup | null): Promise<string> {
  for (const word of words) {
    const { items } = await readGroups({ q: word });
    const other = items.find((group) => group.id !== own?.id && group.words.includes(word));
    if (other) return `“${word}”已经在“${other.words.join("、")}”这一组，可以把新词加到那一组。`;
  }
  return "";
}
