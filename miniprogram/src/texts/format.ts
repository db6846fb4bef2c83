/** Moments and numbers as people read them. All moments are shown as in Asia/Shanghai. */

import { texts } from "./index";

// The offset has been +08:00 without summer time since 1992, so the device's own zone plays no part.
const OFFSET_MS = 8 * 3_600_000;
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `2026-11-20T04:00:00Z` as `11月20日 12:00`, with the year where it is another one. */
export function moment(iso: string, now = Date.now()): string {
  const at = shifted(Date.parse(iso));
  const year = at.getUTCFullYear() === shifted(now).getUTCFullYear() ? "" : yearOf(at);
  return `${year}${monthAndDay(at)} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}

/** `2026-11-20T04:00:00Z` as `2026年11月20日`. */
export function day(iso: string): string {
  const at = shifted(Date.parse(iso));
  return `${yearOf(at)}${monthAndDay(at)}`;
}

/** A day of the calendar there, `2026-11-20`, as `2026年11月20日`. */
export function calendarDay(iso: string): string {
  return day(`${iso}T00:00:00+08:00`);
}

/** 1234567 as 1,234,567. */
export function count(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** How long until a moment: days and hours, and in the last day a running clock. */
export function timeLeft(iso: string, now: number): string {
  const left = Math.max(0, Date.parse(iso) - now);
  const words = texts().countdown;
  if (left === 0) return words.over;
  if (left >= DAY_MS) {
    return words.daysHours(Math.floor(left / DAY_MS), Math.floor((left % DAY_MS) / HOUR_MS));
  }
  return words.clock(
    two(Math.floor(left / HOUR_MS)),
    two(Math.floor((left % HOUR_MS) / MINUTE_MS)),
    two(Math.floor((left % MINUTE_MS) / SECOND_MS)),
  );
}

function shifted(ms: number): Date {
  return new Date(ms + OFFSET_MS);
}

function yearOf(at: Date): string {
  return texts().dates.year(at.getUTCFullYear());
}

function monthAndDay(at: Date): string {
  return texts().dates.monthAndDay(at.getUTCMonth() + 1, at.getUTCDate());
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
