/** The addresses of the pages of health knowledge. */

import type { Kind } from "./api";

export const BROWSE_PAGE = "/pages/index/index?tab=knowledge";
export const CONTRIBUTE_PAGE = "/pages-knowledge/contribute/index";

export type MineTab = "favourites" | "read" | "reports" | "comments" | "contributions";

const ITEM_LINK = /(?:^|\/)k\/([1-9]\d{0,14})\/?(?:[?#].*)?$/;

export function itemPage(id: number): string {
  return `/pages-knowledge/item/index?id=${id}`;
}

export function searchPage(words = ""): string {
  const query = words ? `?q=${encodeURIComponent(words)}` : "";
  return `/pages-knowledge/search/index${query}`;
}

export function listPage(filter: { kind: Kind } | { topic: number }): string {
  const query = "kind" in filter ? `kind=${filter.kind}` : `topic=${filter.topic}`;
  return `/pages-knowledge/list/index?${query}`;
}

export function institutionPage(id: number): string {
  return `/pages-knowledge/institution/index?id=${id}`;
}

export function posterPage(id: number): string {
  return `/pages-knowledge/poster/index?id=${id}`;
}

export function minePage(tab: MineTab = "favourites"): string {
  return `/pages-knowledge/mine/index?tab=${tab}`;
}

export function contributionPage(id: number): string {
  return `/pages-knowledge/contribution/index?id=${id}`;
}

/** The item that a printed label or a shared card leads to: `https://…/k/12`; null for others. */
export function readItemLink(text: string): number | null {
  const found = ITEM_LINK.exec(text);
  return found ? Number(found[1]) : null;
}
