import { beforeEach, describe, expect, it, vi } from "vitest";
import { store } from "./fake-uni";

type Format = typeof import("@/texts/format");
let format: Format;
beforeEach(async () => {
  format = await import("@/texts/format");
});

it("runs in another zone than the one that is shown", () => {
  expect(new Date("2026-11-20T16:30:00Z").getHours()).toBe(11);
});

describe("a moment", () => {
  const now = Date.parse("2026-11-22T00:00:00Z");

  it("is shown as in Asia/Shanghai", () => {
    expect(format.moment("2026-11-20T04:00:00Z", now)).toBe("11月20日 12:00");
    expect(format.moment("2026-11-20T16:05:00Z", now)).toBe("11月21日 00:05");
    expect(format.moment("2026-11-21T00:05:00+08:00", now)).toBe("11月21日 00:05");
  });

  it("has its year where it is not the present one, there", () => {
    const newYear = Date.parse("2026-12-31T16:00:00Z");
    expect(format.moment("2026-12-31T15:59:00Z", newYear)).toBe("2026年12月31日 23:59");
    expect(format.moment("2026-12-31T16:00:00Z", newYear)).toBe("1月1日 00:00");
    expect(format.moment("2026-12-31T15:59:00Z", newYear - 1)).toBe("12月31日 23:59");
  });

  it("is a day where the time does not matter", () => {
    expect(format.day("2026-12-31T16:00:00Z")).toBe("2027年1月1日");
    expect(format.day("2026-11-20")).toBe("2026年11月20日");
  });

  it("has no Chinese among Mongolian", async () => {
    store("mongolian", true);
    vi.resetModules();
    format = await import("@/texts/format");
    expect(format.day("2026-11-20")).not.toMatch(/\p{Script=Han}/u);
    expect(format.moment("2026-11-20T04:00:00Z", now)).toMatch(/11.*20 12:00$/);
  });
});

it("groups large numbers", () => {
  expect([0, 999, 1000, 1234567].map(format.count)).toEqual(["0", "999", "1,000", "1,234,567"]);
});

describe("what is left", () => {
  const HOUR = 3_600_000;
  const end = "2026-11-22T04:00:00Z";
  const left = (ms: number) => format.timeLeft(end, Date.parse(end) - ms);

  it.each([
    [50 * HOUR, "2 天 2 小时"],
    [24 * HOUR, "1 天 0 小时"],
    [24 * HOUR - 1, "23:59:59"],
    [24 * HOUR - 1000, "23:59:59"],
    [61_000, "00:01:01"],
    [999, "00:00:00"],
    [0, "已到时间"],
    [-5000, "已到时间"],
  ])("of %i ms is %s", (ms, words) => {
    expect(left(ms)).toBe(words);
  });
});
