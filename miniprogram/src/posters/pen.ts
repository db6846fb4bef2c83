/** What posters have in common: their size, colours and strokes. */

import type { Canvas } from "@/platform";

export const POSTER = { width: 750, height: 1334 } as const;

// The light design tokens: a poster is seen by others, whatever this device likes.
export const COLOURS = {
  page: "#f5f7f4",
  card: "#ffffff",
  line: "#dde3df",
  primary: "#14664f",
  tint: "#e3f1eb",
  warning: "#8a5300",
  text: "#1c2320",
  text2: "#4a5551",
};
const FONT = "sans-serif";
const MARGIN = 48;
const CLOSING = /[，。；：！？、”’）》]/;

export type Picture = Awaited<ReturnType<Canvas["loadPicture"]>>;

export interface Frame {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface Style {
  size: number;
  y: number;
  colour: string;
  isBold?: boolean;
}

/** As much of a text as fits, with … where it was cut; `measure` gives a text's width. */
export function fit(text: string, width: number, measure: (text: string) => number): string {
  if (measure(text) <= width) return text;
  const letters = [...text];
  while (letters.length && measure(`${letters.join("")}…`) > width) letters.pop();
  return `${letters.join("")}…`;
}

/** A text in lines that fit, the last of `most` cut where more follows. */
export function wrap(
  text: string,
  width: number,
  most: number,
  measure: (text: string) => number,
): string[] {
  const lines: string[] = [];
  let rest = [...text];
  while (rest.length && lines.length < most - 1) {
    let end = 1;
    while (end < rest.length && measure(rest.slice(0, end + 1).join("")) <= width) end++;
    // What ends a sentence stands at a line's end, if need be a little outside.
    while (CLOSING.test(rest[end] ?? "")) end++;
    lines.push(rest.slice(0, end).join(""));
    rest = rest.slice(end);
  }
  return rest.length ? [...lines, fit(rest.join(""), width, measure)] : lines;
}

/** The part of a picture that fills a frame without distortion, from its middle. */
export function cover(
  picture: { width: number; height: number },
  frame: { width: number; height: number },
): Frame {
  const scale = Math.min(picture.width / frame.width, picture.height / frame.height);
  const width = frame.width * scale;
  const height = frame.height * scale;
  return { x: (picture.width - width) / 2, y: (picture.height - height) / 2, width, height };
}

export function paintGround(pen: CanvasRenderingContext2D): void {
  pen.fillStyle = COLOURS.page;
  pen.fillRect(0, 0, POSTER.width, POSTER.height);
  pen.fillStyle = COLOURS.primary;
  pen.fillRect(0, 0, POSTER.width, 16);
}

/** Without a picture its place stays a field of one colour. */
export function paintPicture(
  pen: CanvasRenderingContext2D,
  picture: Picture | null,
  frame: Frame,
): void {
  const { x, y, width, height } = frame;
  if (!picture) {
    pen.fillStyle = COLOURS.card;
    pen.fillRect(x, y, width, height);
    return;
  }
  const part = cover(picture, frame);
  pen.drawImage(picture, part.x, part.y, part.width, part.height, x, y, width, height);
}

/** One line in the middle. */
export function write(pen: CanvasRenderingContext2D, text: string, style: Style): void {
  writeLines(pen, text, 1, { ...style, leading: 0 });
}

/** Lines in the middle, the first at `y`; how many there were. */
export function writeLines(
  pen: CanvasRenderingContext2D,
  text: string,
  most: number,
  style: Style & { leading: number },
): number {
  pen.font = `${style.isBold ? "bold " : ""}${style.size}px ${FONT}`;
  pen.fillStyle = style.colour;
  pen.textAlign = "center";
  const measure = (part: string) => pen.measureText(part).width;
  const lines = wrap(text, POSTER.width - 2 * MARGIN, most, measure);
  lines.forEach((line, place) =>
    pen.fillText(line, POSTER.width / 2, style.y + place * style.leading),
  );
  return lines.length;
}
