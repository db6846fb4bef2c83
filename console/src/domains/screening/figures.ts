import { formatMoment, formatNumber } from "@/texts/format";
import { signalWords } from "@/texts/screening";
import type { Group } from "./screening";

/** What is told of a group in figures. */

const SHOWN_SIGNALS = 3;
const YEAR = "2026-".length;
const DAY = "2026-11-20 ".length;

/** The signals found in a group, the most frequent first, as words with figures. */
export function strongest(group: Pick<Group, "signals">, most = SHOWN_SIGNALS): string[] {
  return Object.entries(group.signals)
    .sort(([, one], [, other]) => (other["ballots"] ?? 0) - (one["ballots"] ?? 0))
    .slice(0, most)
    .map(
      ([name, figures]) => `${signalWords(name).label} ${formatNumber(figures["ballots"] ?? 0)} 票`,
    );
}

const COUNTS = [
  ["quarantined", "待核"],
  ["proposed", "涉及"],
  ["released", "恢复"],
  ["annulled", "作废"],
] as const;

/** How many of a group's ballots are in which state; states without any are left out. */
export function ballotsOf({ ballots }: Pick<Group, "ballots">) {
  return COUNTS.map(([name, label]) => ({ label, ballots: ballots[name] })).filter(
    (each) => each.ballots > 0,
  );
}

export function ballotsInAll({ ballots }: Pick<Group, "ballots">): number {
  return COUNTS.reduce((sum, [name]) => sum + ballots[name], 0);
}

/** `11-20 12:00—12:08`, `11-20 23:50—11-21 00:10`: from the first ballot to the last. */
export function spanOf({
  first_cast_at: first,
  last_cast_at: last,
}: Pick<Group, "first_cast_at" | "last_cast_at">): string {
  if (!first || !last) return "—";
  const [from, to] = [formatMoment(first), formatMoment(last)];
  if (from === to) return from.slice(YEAR);
  const isOneDay = from.slice(0, DAY) === to.slice(0, DAY);
  return `${from.slice(YEAR)}—${to.slice(isOneDay ? DAY : YEAR)}`;
}

/** The timeline as a chart takes it; a single day is told by its hours alone. */
export function timelineOf(timeline: { at: string; ballots: number }[]) {
  const moments = timeline.map(({ at }) => formatMoment(at));
  const isOneDay = new Set(moments.map((moment) => moment.slice(0, DAY))).size === 1;
  return {
    categories: moments.map((moment) => moment.slice(isOneDay ? DAY : YEAR)),
    series: timeline.length
      ? [{ name: "票数", values: timeline.map(({ ballots }) => ballots) }]
      : [],
  };
}
