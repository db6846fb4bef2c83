import type { PosterWords } from "./content";
import { paintGarden } from "./designs/garden";
import { paintLetter } from "./designs/letter";
import { paintWindow } from "./designs/window";
import { withDensity } from "./density";
import { MONGOLIAN_FONT, readPalette } from "./palette";
import type { Pictures } from "./parts";
import { Pen } from "./pen";

/** Designs draw on a surface 1000 wide, whatever the paper. */
const WIDTH = 1000;

interface Paper {
  label: string;
  note: string;
  /** In pixels. */
  width: number;
  height: number;
  /** Pixels to the inch; nothing for what is not printed. */
  density: number | null;
}

export const PAPERS = {
  a3: { label: "A3", note: "29.7 × 42 厘米，印刷", width: 3508, height: 4961, density: 300 },
  a4: { label: "A4", note: "21 × 29.7 厘米，打印", width: 2480, height: 3508, density: 300 },
  phone: { label: "手机", note: "3:4，发朋友圈和群", width: 1242, height: 1656, density: null },
} satisfies Record<string, Paper>;
export type PaperName = keyof typeof PAPERS;

export const DESIGNS = {
  garden: { label: "艾园", paint: paintGarden },
  window: { label: "山窗", paint: paintWindow },
  letter: { label: "素笺", paint: paintLetter },
};
export type DesignName = keyof typeof DESIGNS;

export interface Poster {
  design: DesignName;
  paper: PaperName;
  words: PosterWords;
  pictures: Pictures;
}

/** Draws a poster so many pixels wide; its fonts are there before the first stroke. */
export async function paint(canvas: HTMLCanvasElement, poster: Poster, width: number) {
  await loadFonts(poster.words);
  const paper = PAPERS[poster.paper];
  canvas.width = width;
  canvas.height = Math.round((width * paper.height) / paper.width);
  const ctx = canvas.getContext("2d");
  if (!ctx) return;
  const scale = width / WIDTH;
  ctx.scale(scale, scale);
  const pen = new Pen(ctx, readPalette());
  DESIGNS[poster.design].paint(pen, poster.words, poster.pictures, canvas.height / scale);
}

/** The poster at the size of its paper, as a file. */
export async function print(poster: Poster): Promise<Blob> {
  const { width, density } = PAPERS[poster.paper];
  const canvas = document.createElement("canvas");
  await paint(canvas, poster, width);
  const image = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!image) throw new Error("The browser could not turn the canvas into a picture");
  return density ? withDensity(image, density) : image;
}

/** Canvas text does not wait for web fonts by itself. */
async function loadFonts({ titleMn, entry }: PosterWords): Promise<void> {
  const text = [titleMn, entry?.nameMn].filter(Boolean).join("");
  if (!text) return;
  try {
    await document.fonts.load(`40px ${MONGOLIAN_FONT}`, text);
  } catch {
    // The network is gone; a font of the system's draws the script then.
  }
}
