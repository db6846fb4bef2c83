import { balance, cut, splitIntoUnits, wrap } from "./lines";
import { MONGOLIAN_FONT, type Colour, type Palette } from "./palette";

/** Writes on a canvas. Whatever it is given, it stays within its box. */

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Style {
  /** The largest size; smaller where the text is long. */
  size: number;
  /** The smallest; text that is still too long ends with an ellipsis. */
  least: number;
  colour: Colour;
  isSerif?: boolean;
  weight?: number;
  leading?: number;
  align?: "left" | "center" | "right";
}

interface Fitted {
  lines: string[];
  size: number;
}

const LEADING = 1.4;
const PITCH = 1.45;
const SHRINKING = 0.94;
const UPRIGHT = 1.15;
const MONGOLIAN = /^[\u1800-\u18AF\u200C\u200D\u202F\s]+$/u;
const MONGOLIAN_UNITS = /[\u1800-\u18AF\u200C\u200D\u202F]+\s*|\d{1,4}\s*|./gsu;

export class Pen {
  constructor(
    readonly ctx: CanvasRenderingContext2D,
    readonly palette: Palette,
  ) {}

  /** Lines of text from the top of a box; tells how high they are. */
  write(text: string, box: Box, style: Style): number {
    const leading = style.leading ?? LEADING;
    const units = splitIntoUnits(text);
    const { lines, size } = fit(
      style,
      (tried) => {
        this.setFont(style, tried);
        const most = Math.max(1, Math.floor((box.height * 1.001) / (tried * leading)));
        return { lines: balance(units, box.width, this.measure), most };
      },
      (all, most) => cut(all, most, box.width, this.measure),
    );
    this.setFont(style, size);
    this.ctx.fillStyle = this.palette.colours[style.colour];
    this.ctx.textAlign = style.align ?? "left";
    this.ctx.textBaseline = "middle";
    const shift = { left: 0, center: box.width / 2, right: box.width }[style.align ?? "left"];
    lines.forEach((line, index) => {
      this.ctx.fillText(line, box.x + shift, box.y + (index + 0.5) * size * leading);
    });
    return lines.length * size * leading;
  }

  /**
   * Columns from top to bottom, the first at the left, as Mongolian is set; Chinese characters and
   * figures stand upright in them. `isCentred` puts them in the middle of the box's width.
   */
  writeColumns(text: string, box: Box, style: Style & { isCentred?: boolean }): number {
    const units = text.match(MONGOLIAN_UNITS) ?? [];
    const { lines, size } = fit(
      style,
      (tried) => {
        this.setColumnFont(style, tried);
        const most = Math.max(1, Math.floor((box.width * 1.001) / (tried * PITCH)));
        return { lines: wrap(units, box.height, this.measureDown(tried)), most };
      },
      (all, most, tried) => cut(all, most, box.height, this.measureDown(tried)),
    );
    this.setColumnFont(style, size);
    this.ctx.fillStyle = this.palette.colours[style.colour];
    const width = lines.length * size * PITCH;
    const left = box.x + (style.isCentred ? (box.width - width) / 2 : 0);
    lines.forEach((line, index) => {
      this.writeColumn(line, left + (index + 0.5) * size * PITCH, box.y, size);
    });
    return width;
  }

  private writeColumn(line: string, x: number, top: number, size: number): void {
    const { ctx } = this;
    let y = top;
    ctx.textBaseline = "middle";
    for (const unit of line.match(MONGOLIAN_UNITS) ?? []) {
      const length = this.measureDown(size)(unit);
      ctx.save();
      if (MONGOLIAN.test(unit)) {
        ctx.translate(x, y);
        ctx.rotate(Math.PI / 2);
        ctx.textAlign = "left";
        ctx.fillText(unit, 0, 0);
      } else {
        ctx.textAlign = "center";
        ctx.fillText(unit.trim(), x, y + (size * UPRIGHT) / 2);
      }
      ctx.restore();
      y += length;
    }
  }

  private readonly measure = (text: string): number => this.ctx.measureText(text).width;

  private measureDown(size: number): (text: string) => number {
    return (text) => {
      const units = text.match(MONGOLIAN_UNITS) ?? [];
      const lengths = units.map((unit) =>
        MONGOLIAN.test(unit) ? this.measure(unit) : size * UPRIGHT,
      );
      return lengths.reduce((sum, length) => sum + length, 0);
    };
  }

  private setFont({ weight = 400, isSerif = false }: Style, size: number): void {
    const family = isSerif ? this.palette.serif : this.palette.sans;
    this.ctx.font = `${weight} ${size}px ${family}`;
  }

  private setColumnFont({ isSerif = false }: Style, size: number): void {
    const family = isSerif ? this.palette.serif : this.palette.sans;
    this.ctx.font = `400 ${size}px ${MONGOLIAN_FONT}, ${family}`;
  }
}

/** The largest size at which everything has room, or the smallest with what is cut off. */
function fit(
  { size, least }: Style,
  lay: (size: number) => { lines: string[]; most: number },
  shorten: (lines: string[], most: number, size: number) => string[],
): Fitted {
  for (let tried = size; tried > least; tried *= SHRINKING) {
    const { lines, most } = lay(tried);
    if (lines.length <= most) return { lines, size: tried };
  }
  const { lines, most } = lay(least);
  return { lines: shorten(lines, most, least), size: least };
}
