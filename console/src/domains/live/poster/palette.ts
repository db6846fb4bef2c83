const COLOURS = [
  "paper",
  "white",
  "green",
  "green-deep",
  "tint",
  "drawing",
  "accent",
  "ink",
  "ink-2",
] as const;

export type Colour = (typeof COLOURS)[number];

/** What posters are painted with, read from the tokens. */
export interface Palette {
  colours: Record<Colour, string>;
  /** For titles and names. */
  serif: string;
  /** For everything else. */
  sans: string;
}

export const MONGOLIAN_FONT = '"Noto Sans Mongolian"';

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const pairs = COLOURS.map((name) => [name, token(`print-${name}`)]);
  return {
    colours: Object.fromEntries(pairs) as Record<Colour, string>,
    serif: token("font-print"),
    sans: token("font"),
  };
}
