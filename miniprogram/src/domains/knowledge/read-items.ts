/** The items read last on this device, kept whole: they can be read again without a network. */

import { computed } from "vue";
import { kept, read, write } from "@/stores/storage";
import type { Item, Kind } from "./api";

export interface ReadItem {
  id: number;
  kind: Kind;
  name: string | null;
  name_mn: string | null;
  /** ISO 8601. */
  readAt: string;
}

export const MOST = 20;
// WeChat keeps 10 MB in all, and browsers some 5.
const MOST_LETTERS = 120_000;

const list = kept<ReadItem[]>("knowledge-read", []);

export const readItems = computed<readonly ReadItem[]>(() => list.value);

export function rememberItem(item: Item, now = new Date()): void {
  if (JSON.stringify(item).length > MOST_LETTERS) return;
  const { id, kind } = item;
  const name = item.zh?.name ?? null;
  const entry = { id, kind, name, name_mn: item.mn?.name ?? null, readAt: now.toISOString() };
  const all = [entry, ...list.value.filter((each) => each.id !== id)];
  all.slice(MOST).forEach((old) => write(keyOf(old.id), null));
  write(keyOf(id), item);
  list.value = all.slice(0, MOST);
}

/** The item as it was when it was last read here, and when that was. */
export function recallItem(id: number): { item: Item; readAt: string } | null {
  const entry = list.value.find((each) => each.id === id);
  const item = entry ? read<Item | null>(keyOf(id), null) : null;
  return entry && item ? { item, readAt: entry.readAt } : null;
}

/** For what is no longer to be seen, too. */
export function forgetItem(id: number): void {
  write(keyOf(id), null);
  list.value = list.value.filter((each) => each.id !== id);
}

export function forgetItems(): void {
  list.value.forEach(({ id }) => write(keyOf(id), null));
  list.value = [];
}

function keyOf(id: number): string {
  return `knowledge-item-${id}`;
}
