import type { PosterWords } from "../content";
import { drawCode, drawLine, drawPortrait, fillBox, rounded, type Pictures } from "../parts";
import type { Pen } from "../pen";
import { milkvetch, mugwort, seaBuckthorn } from "../plants";

/** The portrait under the open sky, and below it, on deep green, who it is. */

const LEFT = 66;
const RIGHT = 934;
const WIDTH = RIGHT - LEFT;

export function paintWindow(
  pen: Pen,
  words: PosterWords,
  pictures: Pictures,
  height: number,
): void {
  const edge = height * 0.54;
  fillBox(pen, { x: 0, y: 0, width: 1000, height }, "paper");
  if (words.entry) {
    paintPicture(pen, words, pictures, edge);
  } else {
    paintIntroduction(pen, words, edge);
  }
  paintRise(pen, edge, height);
  drawLine(pen, seaBuckthorn(), "green", { x: 905, y: height - 20, height: 330, leaning: 8 });
  paintWords(pen, words, edge);
  paintFoot(pen, words, pictures, height);
}

/** What is awarded in large columns, and the portrait, whose foot stands behind the hill. */
function paintPicture(pen: Pen, words: PosterWords, pictures: Pictures, edge: number): void {
  fillBox(pen, { x: 0, y: 0, width: 1000, height: edge }, "tint");
  drawLine(pen, mugwort(), "drawing", { x: 306, y: edge - 16, height: edge * 0.52 });
  pen.writeColumns(
    words.award,
    { x: LEFT, y: 84, width: 130, height: edge - 220 },
    { size: 82, least: 36, colour: "green", isSerif: true },
  );
  const high = edge - 70;
  const width = Math.min((high - 20) * 0.75, 540);
  const picture = { x: RIGHT - width, y: 70, width, height: high };
  drawPortrait(pen, pictures.portrait, milkvetch(), picture, rounded(18));
}

/** Deep green ground that rises like a hill into the picture. */
function paintRise(pen: Pen, edge: number, height: number): void {
  const { ctx } = pen;
  ctx.beginPath();
  ctx.moveTo(0, edge - 30);
  ctx.bezierCurveTo(300, edge - 90, 620, edge + 40, 1000, edge - 56);
  ctx.lineTo(1000, height);
  ctx.lineTo(0, height);
  ctx.closePath();
  ctx.fillStyle = pen.palette.colours["green-deep"];
  ctx.fill();
}

function paintIntroduction(pen: Pen, words: PosterWords, edge: number): void {
  drawLine(pen, mugwort(), "drawing", { x: 800, y: edge - 10, height: edge * 0.86 });
  drawLine(pen, milkvetch(), "drawing", { x: 620, y: edge - 10, height: edge * 0.45, leaning: -8 });
  pen.write(
    words.award,
    { x: LEFT, y: 84, width: 560, height: 240 },
    {
      size: 96,
      least: 44,
      colour: "green",
      isSerif: true,
      weight: 700,
    },
  );
  pen.write(
    words.introduction,
    { x: LEFT, y: 330, width: 500, height: edge - 430 },
    {
      size: 32,
      least: 20,
      colour: "ink-2",
      leading: 1.7,
    },
  );
}

function paintWords(pen: Pen, words: PosterWords, edge: number): void {
  const mongolian = words.entry ? words.entry.nameMn : words.titleMn;
  const columns = mongolian ? 120 : 0;
  const width = WIDTH - columns;
  let y = edge + 34;
  if (mongolian) {
    const box = { x: RIGHT - columns, y, width: columns, height: 330 };
    pen.writeColumns(mongolian, box, { size: 50, least: 18, colour: "drawing", isCentred: true });
  }
  if (words.entry) {
    const { number, name, organization } = words.entry;
    y += pen.write(
      `${number}　${organization}`,
      { x: LEFT, y, width, height: 66 },
      {
        size: 28,
        least: 18,
        colour: "drawing",
      },
    );
    y += pen.write(
      name,
      { x: LEFT, y, width, height: 150 },
      {
        size: 92,
        least: 30,
        colour: "white",
        isSerif: true,
        weight: 700,
        leading: 1.22,
      },
    );
  }
  y += 10;
  y += pen.write(
    words.title,
    { x: LEFT, y, width, height: words.entry ? 96 : 210 },
    {
      size: words.entry ? 36 : 70,
      least: 24,
      colour: "paper",
      isSerif: true,
      weight: 600,
      leading: 1.3,
    },
  );
  pen.write(
    words.contest,
    { x: LEFT, y: y + 6, width, height: 36 },
    {
      size: 24,
      least: 16,
      colour: "drawing",
    },
  );
}

function paintFoot(pen: Pen, words: PosterWords, pictures: Pictures, height: number): void {
  const size = 204;
  const top = height - size - 56;
  drawCode(pen, pictures.code, { x: LEFT, y: top, width: size, height: size });
  const x = LEFT + size + 32;
  const width = 800 - x;
  const lines = [
    { text: words.call, size: 36, high: 58, colour: "white" },
    { text: words.span, size: 22, high: 62, colour: "paper" },
    { text: words.rules, size: 22, high: 32, colour: "drawing" },
    { text: words.host, size: 22, high: 52, colour: "drawing" },
  ] as const;
  let y = top;
  for (const { text, size: largest, high, colour } of lines) {
    const box = { x, y, width, height: high };
    y += pen.write(text, box, { size: largest, least: 14, colour }) + 2;
  }
}
