/** Breaking text into lines. Widths are told by `measure`, in whatever unit the caller uses. */

type Measure = (text: string) => number;

const CLOSING = "，。、；：！？”’）》」】…·";
const OPENING = "“‘（《「【";
/** Numbers and Latin words, short quoted names, spaces, single characters. */
const PARTS = /[A-Za-z0-9.:%+-]+|“[^”]{1,8}”|\s+|./gsu;
const ELLIPSIS = "…";
const MOST_BALANCED = 4;

/** What must stay together: a word, or a character with the marks that may not stand alone. */
export function splitIntoUnits(text: string): string[] {
  const units: string[] = [];
  let opening = "";
  for (const [part] of text.matchAll(PARTS)) {
    const last = units.length - 1;
    if (OPENING.includes(part)) opening += part;
    else if (CLOSING.includes(part) && last >= 0 && !opening) units[last] += part;
    else {
      units.push(opening + part);
      opening = "";
    }
  }
  return opening ? [...units, opening] : units;
}

/** Lines no wider than `width`; a unit that is wider by itself is broken anywhere. */
export function wrap(units: readonly string[], width: number, measure: Measure): string[] {
  const lines: string[] = [];
  let line = "";
  const add = (unit: string): void => {
    if (!line || measure((line + unit).trimEnd()) <= width) line += unit;
    else {
      lines.push(line.trimEnd());
      line = unit.trimStart();
    }
  };
  for (const unit of units) {
    if (measure(unit) <= width) add(unit);
    else for (const character of unit) add(character);
  }
  return line.trim() ? [...lines, line.trimEnd()] : lines;
}

/** A few lines are made about as long as one another, so that none holds a mere rest. */
export function balance(units: readonly string[], width: number, measure: Measure): string[] {
  let best = wrap(units, width, measure);
  if (best.length > MOST_BALANCED) return best;
  for (let narrower = width * 0.97; narrower > width * 0.4; narrower *= 0.97) {
    const lines = wrap(units, narrower, measure);
    if (lines.length > best.length) break;
    best = lines;
  }
  return best;
}

/** The first lines, the last of them with an ellipsis if some had to go. */
export function cut(lines: readonly string[], most: number, width: number, measure: Measure) {
  if (lines.length <= most) return [...lines];
  const kept = lines.slice(0, most);
  let last = kept.pop() ?? "";
  while (last && measure(last + ELLIPSIS) > width) last = [...last].slice(0, -1).join("");
  return [...kept, last + ELLIPSIS];
}
