import { describe, expect, it } from "vitest";
import { describeDevice, formatMoment, formatQuarter, formatShare } from "@/texts/format";
import { fromWallClock, toWallClock } from "@/texts/moments";

// vite.config.ts puts these tests into New York, so that what depends on the browser's zone shows.

describe("moments of Asia/Shanghai", () => {
  it("are shown with Shanghai's clock", () => {
    expect(toWallClock("2026-11-20T16:30:00Z")).toBe("2026-11-21 00:30");
    expect(formatMoment("2026-11-20T16:30:00Z")).toBe("2026-11-21 00:30");
  });

  it("are read back as the same moment", () => {
    expect(fromWallClock("2026-11-21 00:30")).toBe("2026-11-20T16:30:00Z");
    expect(fromWallClock(toWallClock("2026-03-08T06:59:00Z"))).toBe("2026-03-08T06:59:00Z");
  });

  it("are nothing when nothing or nonsense was typed", () => {
    expect(fromWallClock("")).toBeNull();
    expect(fromWallClock("2026-13-41 25:61")).toBeNull();
    expect(toWallClock(null)).toBe("");
    expect(formatMoment(null)).toBe("—");
  });
});

it("names quarters and devices in Chinese", () => {
  expect(formatQuarter("2026Q4")).toBe("2026 年第四季度");
  expect(describeDevice("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36")).toBe(
    "Chrome · Windows",
  );
  expect(describeDevice("curl/8")).toBe("未知设备");
});

it("keeps three figures of a share, however small it is", () => {
  expect(formatShare(0.1234)).toBe("12.3%");
  expect(formatShare(0.000512)).toBe("0.0512%");
  expect(formatShare(1.04)).toBe("104%");
});
