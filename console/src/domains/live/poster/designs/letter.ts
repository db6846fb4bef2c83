import type { PosterWords } from "../content";
import {
  arched,
  drawCode,
  drawLine,
  drawPortrait,
  fillBox,
  strokeBox,
  rounded,
  type Pictures,
} from "../parts";
import type { Pen } from "../pen";
import { milkvetch, mugwort, seaBuckthorn } from "../plants";

/** Like a letter of honour: a fine double frame, a window with a round top, all in the middle. */

const LEFT = 96;
const WIDTH = 808;
const MIDDLE = 500;
/** Where the frame ends. */
const INSIDE = 60;

export function paintLetter(
  pen: Pen,
  words: PosterWords,
  pictures: Pictures,
  height: number,
): void {
  fillBox(pen, { x: 0, y: 0, width: 1000, height }, "paper");
  for (const [inset, width] of [
    [36, 3],
    [48, 1],
  ] as const) {
    const frame = { x: inset, y: inset, width: 1000 - 2 * inset, height: height - 2 * inset };
    strokeBox(pen, frame, "green", width, rounded(10));
  }
  const top = paintHead(pen, words);
  const foot = height - 312;
  if (words.entry) paintEntry(pen, words, pictures, top, foot);
  else paintIntroduction(pen, words, top, foot);
  paintFoot(pen, words, pictures, foot);
}

function paintHead(pen: Pen, words: PosterWords): number {
  let y = 92;
  const box = (high: number) => ({ x: LEFT, y, width: WIDTH, height: high });
  y += pen.write(words.contest, box(40), {
    size: 26,
    least: 18,
    colour: "green",
    align: "center",
  });
  y += pen.write(
    words.title,
    { ...box(160), y: y + 6 },
    {
      size: 58,
      least: 30,
      colour: "ink",
      isSerif: true,
      weight: 700,
      leading: 1.3,
      align: "center",
    },
  );
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
  const names = 196;
  const high = foot - top - names - 30;
  const width = Math.min(high * 0.78, 460);
  const portrait = { x: MIDDLE - width / 2, y: top, width, height: high };
  const room = MIDDLE - width / 2 - INSIDE;
  drawLine(pen, mugwort(), "drawing", {
    x: INSIDE + room / 2,
    y: top + high,
    height: Math.min(high * 0.86, room * 1.55),
  });
  if (entry.nameMn) {
    const left = MIDDLE + width / 2 + 34;
    const box = { x: left, y: top + 40, width: 904 - left, height: high - 40 };
    pen.writeColumns(entry.nameMn, box, { size: 60, least: 20, colour: "green", isCentred: true });
  } else {
    drawLine(pen, seaBuckthorn(), "drawing", { x: 806, y: top + high, height: high * 0.72 });
  }
  drawPortrait(pen, pictures.portrait, milkvetch(), portrait, arched);
  const outer = {
    x: portrait.x - 9,
    y: portrait.y - 9,
    width: width + 18,
    height: high + 9,
  };
  strokeBox(pen, outer, "green", 1.5, arched);
  let y = top + high + 18;
  y += pen.write(
    `${entry.number}　${entry.name}`,
    { x: LEFT, y, width: WIDTH, height: 116 },
    {
      size: 66,
      least: 26,
      colour: "green-deep",
      isSerif: true,
      weight: 700,
      leading: 1.25,
      align: "center",
    },
  );
  pen.write(
    entry.organization,
    { x: LEFT, y: y + 4, width: WIDTH, height: 60 },
    {
      size: 27,
      least: 18,
      colour: "ink-2",
      leading: 1.25,
      align: "center",
    },
  );
}

function paintIntroduction(pen: Pen, words: PosterWords, top: number, foot: number): void {
  const high = foot - top - 40;
  const columns = words.titleMn ? 130 : 0;
  const middle = MIDDLE - columns / 2;
  const plants = [
    { plant: milkvetch(), x: middle - 220, height: high * 0.42, leaning: -10 },
    { plant: mugwort(), x: middle, height: high * 0.56, leaning: 0 },
    { plant: seaBuckthorn(), x: middle + 220, height: high * 0.42, leaning: 10 },
  ];
  for (const { plant, x, height, leaning } of plants) {
    drawLine(pen, plant, "drawing", { x, y: top + high * 0.58, height, leaning });
  }
  if (words.titleMn) {
    const box = { x: 904 - columns, y: top + 20, width: columns, height: high - 20 };
    pen.writeColumns(words.titleMn, box, { size: 48, least: 20, colour: "green", isCentred: true });
  }
  const width = WIDTH - columns - 40;
  let y = top + high * 0.6;
  y += pen.write(
    words.award,
    { x: LEFT + 20, y, width, height: 100 },
    {
      size: 70,
      least: 34,
      colour: "green-deep",
      isSerif: true,
      weight: 700,
      align: "center",
    },
  );
  pen.write(
    words.introduction,
    { x: LEFT + 20, y: y + 8, width, height: top + high - y },
    {
      size: 30,
      least: 18,
      colour: "ink-2",
      leading: 1.6,
      align: "center",
    },
  );
}

function paintFoot(pen: Pen, words: PosterWords, pictures: Pictures, top: number): void {
  const size = 190;
  drawCode(pen, pictures.code, { x: LEFT + 14, y: top + 4, width: size, height: size });
  const x = LEFT + size + 50;
  const width = 904 - x;
  const lines = [
    { text: words.call, size: 36, high: 60, colour: "green-deep" },
    { text: words.span, size: 23, high: 68, colour: "accent" },
    { text: words.rules, size: 22, high: 34, colour: "ink-2" },
    { text: words.host, size: 22, high: 60, colour: "ink-2" },
  ] as const;
  let y = top + 4;
  for (const { text, size: largest, high, colour } of lines) {
    y += pen.write(text, { x, y, width, height: high }, { size: largest, least: 15, colour }) + 4;
  }
}
