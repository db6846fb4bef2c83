import { describe, expect, it } from "vitest";
import { withDensity } from "@/domains/live/poster/density";
import { balance, cut, splitIntoUnits, wrap } from "@/domains/live/poster/lines";

/** As if every character were one wide. */
const measure = (text: string): number => [...text].length;
const lay = (text: string, width: number) => wrap(splitIntoUnits(text), width, measure);

describe("the lines of a poster", () => {
  it("are never wider than their box", () => {
    const text = "东胜区第四季度“健康达人”评选，2026年 Sain 第12345678901234567890号";
    for (let width = 3; width < 30; width++) {
      for (const line of lay(text, width)) expect(measure(line)).toBeLessThanOrEqual(width);
    }
  });

  it("begin with no closing mark and end with no opening one", () => {
    expect(lay("看榜单，投一票", 3)).toEqual(["看榜", "单，投", "一票"]);
    expect(lay("比一比（蒙医馆）", 4)).toEqual(["比一比", "（蒙医", "馆）"]);
  });

  it("keep short quoted names and words whole", () => {
    expect(lay("第四季度“健康达人”评选", 8)).toEqual(["第四季度", "“健康达人”评选"]);
    expect(lay("共 1200 票", 4)).toEqual(["共", "1200", "票"]);
  });

  it("leave no rest of one character", () => {
    expect(balance(splitIntoUnits("回民区卫生健康委员会"), 9, measure)).toEqual([
      "回民区卫生",
      "健康委员会",
    ]);
  });

  it("end with an ellipsis where some had to go", () => {
    expect(cut(["一二三", "四五六", "七"], 2, 3, measure)).toEqual(["一二三", "四五…"]);
    expect(cut(["一二三"], 2, 3, measure)).toEqual(["一二三"]);
  });
});

it("tells printers how large a picture is", async () => {
  const head = new Uint8Array(33).fill(1);
  const printed = await withDensity(new Blob([head, new Uint8Array([7])]), 300);
  const bytes = new Uint8Array(await printed.arrayBuffer());
  expect(bytes.length).toBe(33 + 21 + 1);
  expect(new TextDecoder().decode(bytes.slice(37, 41))).toBe("pHYs");
  expect(new DataView(bytes.buffer).getUint32(41)).toBe(11811);
  // CRC-32 of these nine bytes and their name, reckoned by zlib.
  expect(new DataView(bytes.buffer).getUint32(50)).toBe(0x78a53f76);
  expect(bytes.at(-1)).toBe(7);
});
