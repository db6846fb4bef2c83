/** Drawing the poster by which an entry is told to others. */

import type { Canvas } from "@/platform";

export const POSTER = { width: 750, height: 1334 } as const;

// The light design tokens: a poster is seen by others, whatever this device likes.
const COLOURS = {
  page: "#f5f7f4",
  card: "#ffffff",
  primary: "#14664f",
  text: "#1c2320",
  text2: "#4a5551",
};
const FONT = "sans-serif";
const MARGIN = 48;
const PORTRAIT = { x: 135, y: 200, width: 480, height: 640 };
const CODE = 208;

export interface PosterWords {
  brand: string;
  campaign: string;
  number: string;
  name: string;
  organization: string;
  scan: string;
}

type Picture = Awaited<ReturnType<Canvas["loadPicture"]>>;

/** Draws everything; without a portrait its place stays a tinted field. */
export async function drawPoster(
  canvas: Canvas,
  words: PosterWords,
  addresses: { portrait: string | null; code: string },
): Promise<string> {
  const [portrait, code] = await Promise.all([
    addresses.portrait ? canvas.loadPicture(addresses.portrait).catch(() => null) : null,
    canvas.loadPicture(addresses.code),
  ]);
  const pen = canvas.context;
  paintGround(pen);
  write(pen, words.brand, { size: 36, y: 96, isBold: true, colour: COLOURS.primary });
  write(pen, words.campaign, { size: 32, y: 160, colour: COLOURS.text2 });
  paintPortrait(pen, portrait);
  write(pen, words.number, { size: 30, y: 900, colour: COLOURS.text2 });
  write(pen, words.name, { size: 52, y: 966, isBold: true, colour: COLOURS.text });
  write(pen, words.organization, { size: 30, y: 1020, colour: COLOURS.text2 });
  pen.drawImage(code, (POSTER.width - CODE) / 2, 1060, CODE, CODE);
  write(pen, words.scan, { size: 26, y: 1306, colour: COLOURS.text2 });
  return canvas.toPicture();
}

/** As much of a text as fits, with … where it was cut; `measure` gives a text's width. */
export function fit(text: string, width: number, measure: (text: string) => number): string {
  if (measure(text) <= width) return text;
  const letters = [...text];
  while (letters.length && measure(`${letters.join("")}…`) > width) letters.pop();
  return `${letters.join("")}…`;
}

/** The part of a picture that fills a frame without distortion, from its middle. */
export function cover(
  picture: { width: number; height: number },
  frame: { width: number; height: number },
): { x: number; y: number; width: number; height: number } {
  const scale = Math.min(picture.width / frame.width, picture.height / frame.height);
  const width = frame.width * scale;
  const height = frame.height * scale;
  return { x: (picture.width - width) / 2, y: (picture.height - height) / 2, width, height };
}

function paintGround(pen: CanvasRenderingContext2D): void {
  pen.fillStyle = COLOURS.page;
  pen.fillRect(0, 0, POSTER.width, POSTER.height);
  pen.fillStyle = COLOURS.primary;
  pen.fillRect(0, 0, POSTER.width, 16);
}

function paintPortrait(pen: CanvasRenderingContext2D, portrait: Picture | null): void {
  const { x, y, width, height } = PORTRAIT;
  if (!portrait) {
    pen.fillStyle = COLOURS.card;
    pen.fillRect(x, y, width, height);
    return;
  }
  const part = cover(portrait, PORTRAIT);
  pen.drawImage(portrait, part.x, part.y, part.width, part.height, x, y, width, height);
}

function write(
  pen: CanvasRenderingContext2D,
  text: string,
  style: { size: number; y: number; colour: string; isBold?: boolean },
): void {
  pen.font = `${style.isBold ? "bold " : ""}${style.size}px ${FONT}`;
  pen.fillStyle = style.colour;
  pen.textAlign = "center";
  const shown = fit(text, POSTER.width - 2 * MARGIN, (part) => pen.measureText(part).width);
  pen.fillText(shown, POSTER.width / 2, style.y);
}
