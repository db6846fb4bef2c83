import { firstSentence } from "@/texts/knowledge";
import type { ShownItem } from "../knowledge";

/** What stands on a herb's label: only what citizens can read of it, too. */
export interface Label {
  id: number;
  name: string;
  nameMn: string;
  latinName: string;
  partUsed: string;
  use: string;
  institution: string;
  toxicity: string | null;
  pregnancy: string | null;
  isSample: boolean;
  /** What its code says. */
  address: string;
}

export type LabelSize = "tag" | "shelf" | "garden";

/** Of one label and of how many fit a sheet; all in millimetres. */
export interface Layout {
  title: string;
  note: string;
  cutting: string;
  width: number;
  height: number;
  columns: number;
  rows: number;
  /** How many lines of use there is room for. */
  lines: number;
}

export const SHEET = { width: 210, height: 297 };

const BY_MARKS = "对着四边的短线裁开";

export const LAYOUTS: Record<LabelSize, Layout> = {
  tag: {
    title: "挂牌",
    note: "60 × 40 毫米",
    cutting: BY_MARKS,
    width: 60,
    height: 40,
    columns: 3,
    rows: 7,
    lines: 3,
  },
  shelf: {
    title: "药柜",
    note: "90 × 54 毫米",
    cutting: BY_MARKS,
    width: 90,
    height: 54,
    columns: 2,
    rows: 5,
    lines: 4,
  },
  garden: {
    title: "园地",
    note: "A6，105 × 148 毫米",
    cutting: "沿中间的细线裁成四张",
    width: 105,
    height: 148,
    columns: 2,
    rows: 2,
    lines: 6,
  },
};

/** A sheet with less than this around its labels has no room for marks. */
const MARK_MM = 4;
/** Marks keep this far from what is cut out. */
const GAP_MM = 1;

/** Where the first label of a sheet begins: what is left over is shared by both sides. */
export function marginsOf({ width, height, columns, rows }: Layout): { x: number; y: number } {
  return { x: (SHEET.width - columns * width) / 2, y: (SHEET.height - rows * height) / 2 };
}

const LONG_NAME = 6;
const LONG_LATIN = 22;

/** A name of more characters than this is set smaller, and in two lines. */
export function isLong({ name }: Label): boolean {
  return name.length > LONG_NAME;
}

/** The lines of use that there is room for below this label's names. */
export function linesOf(label: Label, { lines }: Layout): number {
  const taken = [isLong(label), label.latinName.length > LONG_LATIN].filter(Boolean).length;
  return lines - taken;
}

export function labelOf(item: ShownItem, siteUrl: string): Label {
  const half = item.zh ?? item.mn;
  return {
    id: item.id,
    name: item.zh?.name ?? "",
    nameMn: item.mn?.name ?? "",
    latinName: item.facts.latin_name ?? "",
    partUsed: half?.part_used ?? "",
    use: firstSentence(half?.actions ?? half?.summary ?? ""),
    institution: item.organization.name,
    toxicity: item.facts.toxicity,
    pregnancy: item.facts.pregnancy,
    isSample: item.is_sample,
    address: `${siteUrl}/k/${item.id}`,
  };
}

/** The labels sheet by sheet, each as often as wanted. */
export function sheetsOf(labels: Label[], copies: number, { columns, rows }: Layout): Label[][] {
  const all = labels.flatMap((label) => Array<Label>(copies).fill(label));
  const perSheet = columns * rows;
  const count = Math.ceil(all.length / perSheet);
  return Array.from({ length: count }, (_, n) => all.slice(n * perSheet, (n + 1) * perSheet));
}

/** A line of a sheet, in millimetres. */
export type Line = [x1: number, y1: number, x2: number, y2: number];

/**
 * Where to cut: short marks in the margins at every edge of a label, or where labels fill the whole
 * sheet, lines between them.
 */
export function marksOf(layout: Layout): Line[] {
  const { x, y } = marginsOf(layout);
  const { width, height } = SHEET;
  const across = edges(y, layout.height, layout.rows);
  const down = edges(x, layout.width, layout.columns);
  if (Math.min(x, y) < MARK_MM + GAP_MM) {
    return [
      ...across.slice(1, -1).map((at): Line => [0, at, width, at]),
      ...down.slice(1, -1).map((at): Line => [at, 0, at, height]),
    ];
  }
  const ends = (margin: number, length: number): [number, number][] => [
    [margin - GAP_MM - MARK_MM, margin - GAP_MM],
    [length - margin + GAP_MM, length - margin + GAP_MM + MARK_MM],
  ];
  return [
    ...across.flatMap((at) => ends(x, width).map(([from, to]): Line => [from, at, to, at])),
    ...down.flatMap((at) => ends(y, height).map(([from, to]): Line => [at, from, at, to])),
  ];
}

function edges(first: number, size: number, count: number): number[] {
  return Array.from({ length: count + 1 }, (_, n) => first + n * size);
}
