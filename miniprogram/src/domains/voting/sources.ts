import type { Source } from "./api";

const SOURCES: readonly string[] = ["list", "search", "share", "scan", "notice"] satisfies Source[];

/** Where a page was opened from, as its address says. */
export function asSource(text: unknown): Source {
  return SOURCES.includes(text as string) ? (text as Source) : "list";
}
