import { api, ifMatch, take, type Schema } from "@/api/client";
import type { Content, Kind } from "./content";

/** One item and what can be asked of the server about it. */

export type Item = Omit<Schema<"StaffItemView">, "head"> & {
  head: Omit<Schema<"StaffItemView">["head"], "content"> & { content: Content };
};
export type Saved = Schema<"SavedView">;
export type Action = Item["allowed_actions"][number];

export interface Kinds {
  items: Kind[];
  units: { code: string; title: string }[];
}

const ITEM = "/api/v1/staff/knowledge/items/{item_id}";

export async function readItem(id: number): Promise<Item> {
  return (await take(api.GET(ITEM, { params: { path: { item_id: id } } }))) as Item;
}

let kinds: Promise<Kinds> | undefined;

/** The same for everybody, and for as long as the console is open. */
export function readKinds(): Promise<Kinds> {
  kinds ??= take(api.GET("/api/v1/staff/knowledge/kinds")).catch((error: unknown) => {
    kinds = undefined;
    throw error;
  }) as Promise<Kinds>;
  return kinds;
}

export async function saveContent(
  id: number,
  revision: number,
  content: Content,
  isTranslationCurrent: boolean,
): Promise<Saved> {
  const params = { path: { item_id: id }, header: ifMatch(revision) };
  const body = { content, is_translation_current: isTranslationCurrent };
  const path = "/api/v1/staff/knowledge/items/{item_id}/content";
  return take(api.PUT(path, { params, body: body as never }));
}
