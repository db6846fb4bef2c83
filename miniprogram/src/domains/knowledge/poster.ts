/** Drawing the card by which an item is told to others. */

import type { Canvas } from "@/platform";
import {
  COLOURS,
  paintGround,
  paintPicture,
  POSTER,
  write,
  writeLines,
  type Frame,
} from "@/posters/pen";

const PICTURE: Frame = { x: 60, y: 150, width: 630, height: 420 };
const CODE = 208;

export interface PosterWords {
  brand: string;
  /** Empty for what was reviewed. */
  sample: string;
  name: string;
  latin: string;
  summary: string;
  /** What may not be overlooked, such as 孕期禁用. */
  safety: string;
  organization: string;
  scan: string;
}

/** Draws everything; without a picture its name stands in a tinted field. */
export async function drawPoster(
  canvas: Canvas,
  words: PosterWords,
  addresses: { picture: string | null; code: string },
): Promise<string> {
  const [picture, code] = await Promise.all([
    addresses.picture ? canvas.loadPicture(addresses.picture).catch(() => null) : null,
    canvas.loadPicture(addresses.code),
  ]);
  const pen = canvas.context;
  paintGround(pen);
  write(pen, words.brand, { size: 36, y: 92, isBold: true, colour: COLOURS.primary });
  if (picture) paintPicture(pen, picture, PICTURE);
  else paintName(pen, words.name);
  write(pen, words.name, { size: 56, y: 656, isBold: true, colour: COLOURS.text });
  write(pen, words.latin, { size: 28, y: 704, colour: COLOURS.text2 });
  const lines = writeLines(pen, words.summary, 3, {
    size: 32,
    y: 774,
    leading: 48,
    colour: COLOURS.text,
  });
  const warnings = [words.sample, words.safety].filter(Boolean).join(" · ");
  const below = 774 + lines * 48 + 12;
  write(pen, warnings, { size: 30, y: below, isBold: true, colour: COLOURS.warning });
  write(pen, words.organization, { size: 28, y: 1030, colour: COLOURS.text2 });
  pen.drawImage(code, (POSTER.width - CODE) / 2, 1064, CODE, CODE);
  write(pen, words.scan, { size: 26, y: 1310, colour: COLOURS.text2 });
  return canvas.toPicture();
}

function paintName(pen: CanvasRenderingContext2D, name: string): void {
  pen.fillStyle = COLOURS.tint;
  pen.fillRect(PICTURE.x, PICTURE.y, PICTURE.width, PICTURE.height);
  write(pen, [...name].slice(0, 1).join(""), {
    size: 220,
    y: PICTURE.y + PICTURE.height / 2 + 78,
    isBold: true,
    colour: COLOURS.primary,
  });
}
