import { expect, it } from "vitest";
import { cover, fit, wrap } from "@/posters/pen";

/** As if all letters were ten wide. */
const measure = (text: string) => [...text].length * 10;

it("cuts what does not fit", () => {
  expect(fit("黄芪", 20, measure)).toBe("黄芪");
  expect(fit("黄芪桂枝", 30, measure)).toBe("黄芪…");
});

it("breaks a text into lines, none of which begins with a full stop", () => {
  expect(wrap("一二三四五六七", 30, 3, measure)).toEqual(["一二三", "四五六", "七"]);
  expect(wrap("一二三。四", 30, 3, measure)).toEqual(["一二三。", "四"]);
  expect(wrap("一二三四五六七八九", 30, 2, measure)).toEqual(["一二三", "四五…"]);
  expect(wrap("", 30, 2, measure)).toEqual([]);
});

it("fills a frame from the middle of a picture", () => {
  const frame = { width: 100, height: 100 };
  expect(cover({ width: 400, height: 200 }, frame)).toEqual({
    x: 100,
    y: 0,
    width: 200,
    height: 200,
  });
});
