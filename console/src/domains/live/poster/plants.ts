import { MUGWORT, MUGWORT_FRAME } from "@/drawings/mugwort";

/** Line drawings of plants for posters, each as one path in a frame of 100 by its height. */
export interface Plant {
  path: Path2D;
  height: number;
}

export interface Place {
  /** Where the foot of the stem stands. */
  x: number;
  y: number;
  /** How high the plant is drawn. */
  height: number;
  /** To the right, in degrees. */
  leaning?: number;
  isMirrored?: boolean;
}

const STROKE = 2.2;

export function mugwort(): Plant {
  const [left, top, width, height] = MUGWORT_FRAME;
  const scale = 100 / width;
  const path = new Path2D();
  path.addPath(
    new Path2D(MUGWORT),
    new DOMMatrix([scale, 0, 0, scale, -left * scale, -top * scale]),
  );
  return { path, height: height * scale };
}

/** Milkvetch: leaflets in pairs along a bent stem, one at its tip. */
export function milkvetch(): Plant {
  const pairs = 8;
  const height = 190;
  const path = new Path2D();
  path.moveTo(50, height);
  path.quadraticCurveTo(42, height / 2, 58, 24);
  for (let pair = 0; pair < pairs; pair++) {
    const share = (pair + 0.5) / pairs;
    const [x, y] = onStem(share, height);
    const length = 34 * (1 - share * 0.55);
    addLeaf(path, x, y, -150 + share * 22, length);
    addLeaf(path, x, y, -30 - share * 22, length);
  }
  addLeaf(path, 58, 24, -84, 22);
  return { path, height };
}

/** Sea buckthorn: narrow leaves, and berries close to the branch. */
export function seaBuckthorn(): Plant {
  const nodes = 9;
  const height = 200;
  const path = new Path2D();
  path.moveTo(50, height);
  path.quadraticCurveTo(42, height / 2, 58, 24);
  for (let node = 0; node < nodes; node++) {
    const share = (node + 0.4) / nodes;
    const side = node % 2 ? 1 : -1;
    const [x, y] = onStem(share, height);
    addLeaf(path, x, y, side > 0 ? -38 : -142, 42 * (1 - share * 0.5), 0.16);
    addBerry(path, x - side * 7, y - 2, 5.2 - share * 1.6);
    addBerry(path, x - side * 14, y - 9, 4.4 - share * 1.4);
  }
  addLeaf(path, 58, 24, -80, 24, 0.16);
  return { path, height };
}

export function drawPlant(
  ctx: CanvasRenderingContext2D,
  plant: Plant,
  colour: string,
  { x, y, height, leaning = 0, isMirrored = false }: Place,
): void {
  const scale = height / plant.height;
  ctx.save();
  ctx.translate(x, y);
  ctx.rotate((leaning * Math.PI) / 180);
  ctx.scale(isMirrored ? -scale : scale, scale);
  ctx.translate(-50, -plant.height);
  ctx.strokeStyle = colour;
  ctx.lineWidth = STROKE / scale;
  ctx.lineCap = "round";
  ctx.lineJoin = "round";
  ctx.stroke(plant.path);
  ctx.restore();
}

function onStem(share: number, height: number): [number, number] {
  const rest = 1 - share;
  const bend = (from: number, by: number, to: number): number =>
    rest * rest * from + 2 * rest * share * by + share * share * to;
  return [bend(50, 42, 58), bend(height, height / 2, 24)];
}

function addLeaf(
  path: Path2D,
  x: number,
  y: number,
  degrees: number,
  length: number,
  breadth = 0.34,
): void {
  const angle = (degrees * Math.PI) / 180;
  const point = (along: number, aside: number): [number, number] => [
    x + Math.cos(angle) * along * length - Math.sin(angle) * aside * length,
    y + Math.sin(angle) * along * length + Math.cos(angle) * aside * length,
  ];
  path.moveTo(x, y);
  path.bezierCurveTo(...point(0.3, -breadth), ...point(0.75, -breadth), ...point(1, 0));
  path.bezierCurveTo(...point(0.75, breadth), ...point(0.3, breadth), x, y);
  path.lineTo(...point(0.7, 0));
}

function addBerry(path: Path2D, x: number, y: number, radius: number): void {
  path.moveTo(x + radius, y);
  path.arc(x, y, radius, 0, Math.PI * 2);
}
