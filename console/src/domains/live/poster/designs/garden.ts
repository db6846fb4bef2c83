import type { PosterWords } from "../content";
import {
  drawCode,
  drawHills,
  drawLine,
  drawPortrait,
  fillBox,
  rounded,
  type Pictures,
} from "../parts";
import type { Pen } from "../pen";
import { milkvetch, mugwort } from "../plants";

/** A green band at the left with the title in columns, plants beside, everything else on paper. */

const BAND = 128;
/** Less than the band, so that a long title becomes smaller before it takes two columns. */
const COLUMN = 92;
const LEFT = BAND + 62;
const RIGHT = 938;
const WIDTH = RIGHT - LEFT;

export function paintGarden(
  pen: Pen,
  words: PosterWords,
  pictures: Pictures,
  height: number,
): void {
  const foot = height - 306;
  fillBox(pen, { x: 0, y: 0, width: 1000, height }, "paper");
  drawHills(pen, foot - 190, 1000, "tint");
  fillBox(pen, { x: 0, y: 0, width: BAND, height }, "green");
  pen.writeColumns(
    words.titleMn ?? words.award,
    { x: (BAND - COLUMN) / 2, y: 70, width: COLUMN, height: height - 330 },
    { size: 52, least: 26, colour: "white", isSerif: true, isCentred: true },
  );
  drawLine(pen, milkvetch(), "drawing", { x: BAND / 2, y: height - 40, height: 190 });

  const top = paintHead(pen, words);
  if (words.entry) paintEntry(pen, words, pictures, top, foot);
  else paintIntroduction(pen, words, top, foot);
  paintFoot(pen, words, pictures, foot);
}

function paintHead(pen: Pen, words: PosterWords): number {
  let y = 74;
  const box = (high: number) => ({ x: LEFT, y, width: WIDTH, height: high });
  y +=
    pen.write(words.contest, box(40), { size: 26, least: 18, colour: "green", weight: 600 }) + 10;
  y += pen.write(words.title, box(200), {
    size: 68,
    least: 34,
    colour: "ink",
    isSerif: true,
    weight: 700,
    leading: 1.28,
  });
  y += 14;
  y += pen.write(words.span, box(70), { size: 25, least: 18, colour: "accent", weight: 600 });
  return y + 34;
}

function paintEntry(
  pen: Pen,
  words: PosterWords,
  pictures: Pictures,
  top: number,
  foot: number,
): void {
  const { entry } = words;
  if (!entry) return;
  const high = foot - top - 44;
  const portrait = { x: LEFT, y: top, width: Math.min(high * 0.75, 470), height: high };
  drawLine(pen, mugwort(), "tint", { x: 850, y: foot - 34, height: high * 0.9 });
  drawPortrait(pen, pictures.portrait, milkvetch(), portrait, rounded(18));
  const x = portrait.x + portrait.width + 36;
  const width = RIGHT - x;
  let y = top + 4;
  y += pen.write(
    entry.number,
    { x, y, width, height: 60 },
    {
      size: 42,
      least: 24,
      colour: "accent",
      isSerif: true,
      weight: 700,
    },
  );
  y += pen.write(
    entry.name,
    { x, y, width, height: high * 0.42 },
    {
      size: 74,
      least: 20,
      colour: "ink",
      isSerif: true,
      weight: 700,
      leading: 1.24,
    },
  );
  y += pen.write(
    entry.organization,
    { x, y: y + 8, width, height: 110 },
    {
      size: 26,
      least: 18,
      colour: "ink-2",
    },
  );
  if (!entry.nameMn) return;
  const box = { x, y: y + 34, width: width * 0.6, height: foot - 70 - y - 34 };
  pen.writeColumns(entry.nameMn, box, { size: 46, least: 18, colour: "green", isSerif: true });
}

function paintIntroduction(pen: Pen, words: PosterWords, top: number, foot: number): void {
  const high = foot - top - 30;
  drawLine(pen, mugwort(), "drawing", { x: 790, y: foot - 24, height: high * 0.94 });
  pen.write(
    words.award,
    { x: LEFT, y: top + 10, width: WIDTH * 0.62, height: 180 },
    {
      size: 88,
      least: 40,
      colour: "green",
      isSerif: true,
      weight: 700,
    },
  );
  const text = { x: LEFT, y: top + 190, width: WIDTH * 0.56, height: high - 210 };
  pen.write(words.introduction, text, { size: 34, least: 20, colour: "ink-2", leading: 1.75 });
}

function paintFoot(pen: Pen, words: PosterWords, pictures: Pictures, top: number): void {
  drawCode(pen, pictures.code, { x: LEFT, y: top, width: 236, height: 236 });
  const x = LEFT + 236 + 34;
  const width = RIGHT - x;
  let y = top + 8;
  y += pen.write(
    words.call,
    { x, y, width, height: 110 },
    {
      size: 42,
      least: 26,
      colour: "green-deep",
      isSerif: true,
      weight: 700,
    },
  );
  for (const text of [words.rules, words.host]) {
    const box = { x, y: y + 8, width, height: 56 };
    y += pen.write(text, box, { size: 23, least: 15, colour: "ink-2", leading: 1.3 }) + 8;
  }
}
