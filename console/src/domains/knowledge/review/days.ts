import { formatDay } from "@/texts/format";

/** The same day some years later, in Asia/Shanghai; the 29th of February becomes the 28th. */
export function yearsFrom(now: number, years: number): string {
  const [year = "", month = "", day = ""] = formatDay(new Date(now).toISOString()).split("-");
  const isLeapDay = month === "02" && day === "29";
  return `${Number(year) + years}-${month}-${isLeapDay ? "28" : day}`;
}
