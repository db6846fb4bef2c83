/**
 * Moments of Asia/Shanghai as text fields hold them. The offset has been +08:00 without summer time
 * since 1992, so no table of zones is needed, and the browser's own zone plays no part.
 */

const OFFSET_MS = 8 * 3_600_000;

/** `2026-11-20T04:00:00Z` as `2026-11-20 12:00`. */
export function toWallClock(moment: string | null | undefined): string {
  if (!moment) return "";
  const shifted = new Date(Date.parse(moment) + OFFSET_MS);
  return shifted.toISOString().slice(0, 16).replace("T", " ");
}

/** `2026-11-20 12:00` as `2026-11-20T04:00:00Z`; null for nothing or nonsense. */
export function fromWallClock(text: string): string | null {
  if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}/.test(text)) return null;
  const moment = Date.parse(`${text.slice(0, 16).replace(" ", "T")}:00+08:00`);
  if (Number.isNaN(moment)) return null;
  return new Date(moment).toISOString().replace(".000Z", "Z");
}
