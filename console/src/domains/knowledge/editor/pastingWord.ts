import { styleOf } from "./pastingClean";

/**
 * What Word and WPS put on the clipboard: lists are paragraphs with a level in their style and the
 * number as text, headings are sometimes paragraphs, and comments lie beside the text.
 */

export function isFromWord(html: string): boolean {
  return /class="?Mso|mso-list:|urn:schemas-microsoft-com:office:word|name="?ProgId"? content="?Word/i.test(
    html,
  );
}

export function prepareWord(body: HTMLElement): void {
  removeComments(body);
  for (const paragraph of [...body.querySelectorAll("p")]) nameHeading(paragraph);
  for (const parent of new Set(
    [...body.querySelectorAll("p, h1, h2, h3, h4, h5, h6")]
      .filter((paragraph) => levelOf(paragraph) !== null)
      .map((paragraph) => paragraph.parentElement),
  )) {
    if (parent) buildLists(parent);
  }
}

const COMMENTS = [
  ".MsoCommentReference",
  ".MsoCommentText",
  ".MsoCommentSubject",
  ".msocomtxt",
  ".msocomanchor",
  ".msocomoff",
].join(",");

function removeComments(body: HTMLElement): void {
  for (const element of [...body.querySelectorAll(COMMENTS)]) element.remove();
  for (const element of [...body.querySelectorAll("[data-style]")]) {
    const style = styleOf(element);
    if (/mso-element:(comment|header|footer)|mso-special-character:comment/.test(style)) {
      element.remove();
    }
  }
}

/** Levels of the outline are headings, also where the style has another name. */
function nameHeading(paragraph: HTMLElement): void {
  if (levelOf(paragraph) !== null) return;
  const isTitle = /\bMsoTitle\b/.test(paragraph.className);
  const outline = /mso-outline-level:([1-6])/.exec(styleOf(paragraph))?.[1];
  const level = isTitle ? "1" : outline;
  if (!level) return;
  const heading = paragraph.ownerDocument.createElement(`h${level}`);
  heading.append(...paragraph.childNodes);
  paragraph.replaceWith(heading);
}

function levelOf(paragraph: Element): number | null {
  const level = /mso-list:[^;]*level(\d)/.exec(styleOf(paragraph))?.[1];
  // Numbered headings stay headings; their number is text.
  return level && paragraph.tagName === "P" ? Number(level) : null;
}

interface Open {
  level: number;
  list: Element;
}

/** Consecutive paragraphs with levels become lists within lists. */
function buildLists(parent: Element): void {
  let open: Open[] = [];
  for (const child of [...parent.children]) {
    const level = levelOf(child);
    if (level === null) {
      // A line that belongs to the item before has the list's indentation, but no number.
      open = [];
      continue;
    }
    const isOrdered = takeMarker(child);
    while (open.length && (open.at(-1) as Open).level > level) open.pop();
    let current = open.at(-1);
    if (!current || current.level < level) {
      current = { level, list: startList(child, current, isOrdered) };
      open.push(current);
    }
    const item = child.ownerDocument.createElement("li");
    item.append(...child.childNodes);
    current.list.append(item);
    child.remove();
  }
}

function startList(child: Element, within: Open | undefined, isOrdered: boolean): Element {
  const list = child.ownerDocument.createElement(isOrdered ? "ol" : "ul");
  const item = within?.list.lastElementChild;
  if (item) item.append(list);
  else child.before(list);
  return list;
}

const NUMBER = /^[(（[]?\s*(\d+|[a-z]{1,4}|[一二三四五六七八九十百]+|[①-⑳])\s*[.．、)）\]]?$/i;

/** Takes the number or bullet out of the text; true for numbers. */
function takeMarker(paragraph: Element): boolean {
  const marker = [...paragraph.querySelectorAll("span")].find((span) =>
    styleOf(span).includes("mso-list:ignore"),
  );
  if (!marker) return false;
  const text = (marker.textContent ?? "").replace(/[\s\u00a0]+/g, "");
  // Word draws bullets with letters of symbol fonts.
  const isSymbol = marker.closest("[data-style*=Wingdings], [data-style*=Symbol]") !== null;
  marker.remove();
  return !isSymbol && text !== "o" && NUMBER.test(text);
}
