/** Moments and numbers as people in Inner Mongolia read them, whatever the browser's settings. */

const ZONE = "Asia/Shanghai";

const numbers = new Intl.NumberFormat("zh-CN");
const shares = new Intl.NumberFormat("zh-CN", { style: "percent", maximumSignificantDigits: 3 });
const clock = new Intl.DateTimeFormat("zh-CN", {
  timeZone: ZONE,
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

const dayParts = new Intl.DateTimeFormat("zh-CN", {
  timeZone: ZONE,
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

export function formatNumber(value: number): string {
  return numbers.format(value);
}

/** Three figures, so that small shares do not become nothing: `12.3%`, `0.0412%`. */
export function formatShare(share: number): string {
  return shares.format(share);
}

/** `2026-11-20 12:00`; a dash for what has not happened. */
export function formatMoment(moment: string | null | undefined): string {
  if (!moment) return "—";
  const { year, month, day, hour, minute } = partsOf(moment);
  return `${year}-${month}-${day} ${hour}:${minute}`;
}

/** `12:00:05`, for figures that are of today. */
export function formatClock(moment: string): string {
  return clock.format(new Date(moment));
}

export function formatDay(moment: string | null | undefined): string {
  if (!moment) return "—";
  const { year, month, day } = partsOf(moment);
  return `${year}-${month}-${day}`;
}

/** `2026Q4` as `2026 年第四季度`. */
export function formatQuarter(code: string): string {
  const [, year, quarter] = /^(\d{4})-?Q([1-4])$/.exec(code) ?? [];
  return year && quarter ? `${year} 年第${"一二三四"[Number(quarter) - 1]}季度` : code;
}

function partsOf(moment: string): Record<string, string> {
  const parts = dayParts.formatToParts(new Date(moment));
  return Object.fromEntries(parts.map(({ type, value }) => [type, value]));
}

/** The browser and system in a User-Agent header, roughly, for a list of sessions. */
export function describeDevice(userAgent: string): string {
  const browser =
    /MicroMessenger|Edg|QQBrowser|360|OPR|Firefox|Chrome|Safari/.exec(userAgent)?.[0] ?? "";
  const system = /Windows|Android|iPhone|iPad|Mac OS|Linux/.exec(userAgent)?.[0] ?? "";
  const names: Record<string, string> = {
    MicroMessenger: "微信",
    Edg: "Edge",
    QQBrowser: "QQ 浏览器",
    "360": "360 浏览器",
    OPR: "Opera",
    "Mac OS": "macOS",
  };
  const words = [names[browser] ?? browser, names[system] ?? system].filter(Boolean);
  return words.join(" · ") || "未知设备";
}
