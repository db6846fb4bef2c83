import type { Pen, Box } from "./pen";
import { drawPlant, type Place, type Plant } from "./plants";
import type { Colour } from "./palette";

/** What several designs are put together from. */

export interface Pictures {
  portrait: ImageBitmap | null;
  code: ImageBitmap | null;
}

export type Edge = (ctx: CanvasRenderingContext2D, box: Box) => void;

export const rounded =
  (radius: number): Edge =>
  (ctx, { x, y, width, height }) => {
    const path: [number, number][] = [
      [x + width, y],
      [x + width, y + height],
      [x, y + height],
      [x, y],
    ];
    ctx.moveTo(x + radius, y);
    path.forEach(([cornerX, cornerY], index) => {
      const [nextX, nextY] = path[(index + 1) % path.length] as [number, number];
      ctx.arcTo(cornerX, cornerY, nextX, nextY, radius);
    });
    ctx.closePath();
  };

/** A window with a round top. */
export const arched: Edge = (ctx, { x, y, width, height }) => {
  const radius = width / 2;
  ctx.moveTo(x, y + height);
  ctx.lineTo(x, y + radius);
  ctx.arc(x + radius, y + radius, radius, Math.PI, 0);
  ctx.lineTo(x + width, y + height);
  ctx.closePath();
};

export function fillBox(pen: Pen, box: Box, colour: Colour, edge: Edge = rounded(0)): void {
  pen.ctx.beginPath();
  edge(pen.ctx, box);
  pen.ctx.fillStyle = pen.palette.colours[colour];
  pen.ctx.fill();
}

export function strokeBox(
  pen: Pen,
  box: Box,
  colour: Colour,
  width: number,
  edge: Edge = rounded(0),
): void {
  pen.ctx.beginPath();
  edge(pen.ctx, box);
  pen.ctx.strokeStyle = pen.palette.colours[colour];
  pen.ctx.lineWidth = width;
  pen.ctx.stroke();
}

/** The portrait, its middle in the middle, filling the box; a plant where there is none. */
export function drawPortrait(
  pen: Pen,
  portrait: ImageBitmap | null,
  plant: Plant,
  box: Box,
  edge: Edge,
): void {
  const { ctx } = pen;
  fillBox(pen, box, "tint", edge);
  ctx.save();
  ctx.beginPath();
  edge(ctx, box);
  ctx.clip();
  if (portrait) {
    const scale = Math.max(box.width / portrait.width, box.height / portrait.height);
    const width = portrait.width * scale;
    const height = portrait.height * scale;
    // Faces are above the middle, so more is cut off below.
    ctx.drawImage(
      portrait,
      box.x + (box.width - width) / 2,
      box.y + (box.height - height) * 0.25,
      width,
      height,
    );
  } else {
    drawLine(pen, plant, "drawing", {
      x: box.x + box.width / 2,
      y: box.y + box.height * 0.92,
      height: box.height * 0.8,
    });
  }
  ctx.restore();
}

/** The mini-program code on white, as scanners want it; an empty frame where it is missing. */
export function drawCode(pen: Pen, code: ImageBitmap | null, box: Box): void {
  const margin = box.width * 0.06;
  fillBox(pen, box, "white", rounded(box.width * 0.08));
  if (code) {
    const size = box.width - 2 * margin;
    pen.ctx.drawImage(code, box.x + margin, box.y + margin, size, size);
  } else {
    strokeBox(pen, box, "drawing", 2, rounded(box.width * 0.08));
    const words = { ...box, y: box.y + box.height / 2 - 14, height: 40 };
    pen.write("小程序码", words, { size: 22, least: 16, colour: "ink-2", align: "center" });
  }
}

export function drawLine(pen: Pen, plant: Plant, colour: Colour, place: Place): void {
  drawPlant(pen.ctx, plant, pen.palette.colours[colour], place);
}

/** Hills of the steppe from edge to edge, in a few lines. */
export function drawHills(pen: Pen, top: number, width: number, colour: Colour): void {
  const { ctx } = pen;
  ctx.strokeStyle = pen.palette.colours[colour];
  ctx.lineWidth = 2.2;
  for (const [from, over, to] of [
    [40, -40, 60],
    [95, 20, 30],
    [120, 150, 70],
  ] as const) {
    ctx.beginPath();
    ctx.moveTo(0, top + from);
    ctx.bezierCurveTo(width * 0.3, top + over, width * 0.6, top + from + 60, width, top + to);
    ctx.stroke();
  }
}
