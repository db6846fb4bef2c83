/** Drawing the poster by which an entry is told to others. */

import type { Canvas } from "@/platform";
import { COLOURS, paintGround, paintPicture, POSTER, write } from "@/posters/pen";

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
  paintPicture(pen, portrait, PORTRAIT);
  write(pen, words.number, { size: 30, y: 900, colour: COLOURS.text2 });
  write(pen, words.name, { size: 52, y: 966, isBold: true, colour: COLOURS.text });
  write(pen, words.organization, { size: 30, y: 1020, colour: COLOURS.text2 });
  pen.drawImage(code, (POSTER.width - CODE) / 2, 1060, CODE, CODE);
  write(pen, words.scan, { size: 26, y: 1306, colour: COLOURS.text2 });
  return canvas.toPicture();
}
