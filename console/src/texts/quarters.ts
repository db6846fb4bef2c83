import { toWallClock } from "./moments";

/** Calendar quarters of Asia/Shanghai as the API writes them: `2026Q4`. */

export function quarterOf(moment: Date): string {
  const [year, month] = toWallClock(moment.toISOString()).split("-").map(Number) as [
    number,
    number,
  ];
  return `${year}Q${Math.ceil(month / 3)}`;
}

/** The quarter that many quarters later, or earlier. */
export function shiftQuarter(code: string, by: number): string {
  const [year, quarter] = code.split("Q").map(Number) as [number, number];
  const count = year * 4 + quarter - 1 + by;
  return `${Math.floor(count / 4)}Q${(count % 4) + 1}`;
}
