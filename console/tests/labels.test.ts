import { describe, expect, it } from "vitest";
import {
  labelOf,
  LAYOUTS,
  marginsOf,
  marksOf,
  SHEET,
  sheetsOf,
  type Label,
  type LabelSize,
} from "@/domains/knowledge/labels/labels";
import type { ShownItem } from "@/domains/knowledge/knowledge";

const SIZES = Object.keys(LAYOUTS) as LabelSize[];

describe("a sheet of labels", () => {
  it.each(SIZES)("has room for all its labels of size %s", (size) => {
    const { width, height, columns, rows } = LAYOUTS[size];
    const { x, y } = marginsOf(LAYOUTS[size]);
    expect(2 * x + columns * width).toBeCloseTo(SHEET.width);
    expect(2 * y + rows * height).toBeCloseTo(SHEET.height);
    expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
  });

  it.each(["tag", "shelf"] as const)("keeps the marks outside labels of size %s", (size) => {
    const { x, y } = marginsOf(LAYOUTS[size]);
    const isOutside = (at: number, margin: number, length: number): boolean =>
      at < margin || at > length - margin;
    for (const [x1, y1, x2, y2] of marksOf(LAYOUTS[size])) {
      const isBeside = isOutside(x1, x, SHEET.width) && isOutside(x2, x, SHEET.width);
      const isAboveOrBelow = isOutside(y1, y, SHEET.height) && isOutside(y2, y, SHEET.height);
      expect(isBeside || isAboveOrBelow).toBe(true);
      expect(Math.min(x1, y1)).toBeGreaterThanOrEqual(0);
      expect(x2).toBeLessThanOrEqual(SHEET.width);
      expect(y2).toBeLessThanOrEqual(SHEET.height);
    }
  });

  it("is cut in four where the labels fill it", () => {
    expect(marksOf(LAYOUTS.garden)).toEqual([
      [0, 148.5, 210, 148.5],
      [105, 0, 105, 297],
    ]);
  });

  it("is followed by another when it is full", () => {
    const labels = Array.from({ length: 12 }, (_, id) => ({ id }) as Label);
    const sheets = sheetsOf(labels, 2, LAYOUTS.tag);
    expect(sheets.map((sheet) => sheet.length)).toEqual([21, 3]);
    expect(sheets[0]?.slice(0, 4).map(({ id }) => id)).toEqual([0, 0, 1, 1]);
    expect(sheetsOf([], 3, LAYOUTS.tag)).toEqual([]);
  });
});

describe("a label", () => {
  const item = {
    id: 7,
    zh: { name: "黄芪", part_used: "根", actions: "补气升阳。固表止汗。", summary: "补气要药" },
    mn: null,
    facts: { latin_name: "Astragali Radix", toxicity: "none", pregnancy: "cautious" },
    organization: { id: 1, name: "东胜区蒙医医院", name_mn: null },
    is_sample: true,
  } as unknown as ShownItem;

  it("says the first sentence of what the herb does, and where to read on", () => {
    const label = labelOf(item, "https://sain.example");
    expect(label.use).toBe("补气升阳");
    expect(label.address).toBe("https://sain.example/k/7");
    expect([label.nameMn, label.isSample]).toEqual(["", true]);
  });

  it("takes the words of the language there is", () => {
    const mongolian = { name: "ᠬᠣᠩᠴᠢᠷ", part_used: "ᠦᠨᠳᠦᠰᠦ", actions: null, summary: "ᠡᠮ" };
    const label = labelOf({ ...item, zh: null, mn: mongolian } as unknown as ShownItem, "");
    expect([label.name, label.nameMn, label.use]).toEqual(["", "ᠬᠣᠩᠴᠢᠷ", "ᠡᠮ"]);
  });
});
