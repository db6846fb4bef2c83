/**
 * The allow-list of rich text for what is pasted: whatever the server would drop is dropped here
 * already, so that what is seen is what is kept. Works on a document that nobody shows.
 */

/** Stands in a text for a picture that is still to be fetched; see media.ts. */
export const PENDING = "pending-picture";
/** What stands where a picture could not be taken along. */
export const PICTURE_NOTE = "图片要另行上传：把图片文件拖到这里";

/** Dropped with all that is in them. */
const DROPPED = new Set(
  (
    "script style head title meta link base template noscript iframe frame frameset object embed " +
    "applet svg math xml audio source track canvas map input button select textarea option " +
    "datalist dialog colgroup col xmp plaintext noembed noframes"
  ).split(" "),
);
const BLOCKS = new Set(
  "p h2 h3 h4 ul ol li blockquote table tr td th img video pending-picture".split(" "),
);
const HEADINGS: Record<string, string> = {
  h1: "h2",
  h2: "h3",
  h3: "h4",
  h4: "h4",
  h5: "h4",
  h6: "h4",
};
const MARKS = ["strong", "em", "u", "s", "sub", "sup"] as const;
type Mark = (typeof MARKS)[number];
const MARK_TAGS: Record<string, Mark> = {
  b: "strong",
  strong: "strong",
  i: "em",
  em: "em",
  cite: "em",
  dfn: "em",
  u: "u",
  ins: "u",
  s: "s",
  del: "s",
  strike: "s",
  sub: "sub",
  sup: "sup",
};
/** As the server has it: which addresses it lets through. */
export const LINK = /^(?:https?:\/\/|mailto:)[^\s<>"'`]+$/i;
export const PICTURE_FILE = /^\/files\/[0-9a-f]{32}\.(?:jpg|webp)$/;
export const VIDEO_FILE = /^\/files\/[0-9a-f]{32}\.mp4$/;
const CJK = "\\u2e80-\\u9fff\\uf900-\\ufaff\\uff00-\\uffef";
/** A line break that the source of the HTML has, not the text; between Chinese it is no space. */
const BROKEN_LINE = new RegExp(`([${CJK}])[ \\t]*\\r?\\n\\s*(?=[${CJK}])`, "g");

interface Setting {
  out: Document;
  marks: ReadonlySet<Mark>;
  /** How far headings move: without an h1 the second level is the highest. */
  headings: Record<string, string>;
  lang: string;
  /** Headings are bold by themselves. */
  isHeading: boolean;
}

export function cleanTree(body: HTMLElement): string {
  const out = new DOMParser().parseFromString("", "text/html");
  const hasTitle = body.querySelector("h1") !== null;
  const headings = hasTitle ? HEADINGS : { ...HEADINGS, h2: "h2", h3: "h3" };
  const setting: Setting = { out, marks: new Set(), headings, lang: "", isHeading: false };
  out.body.append(...paragraphs(childrenOf(body, setting), setting));
  joinMarks(out.body);
  return out.body.innerHTML;
}

function childrenOf(node: Node, setting: Setting): Node[] {
  return [...node.childNodes].flatMap((child) => converted(child, setting));
}

function converted(node: Node, setting: Setting): Node[] {
  if (node.nodeType === Node.TEXT_NODE) return textOf(node.nodeValue ?? "", setting);
  if (node.nodeType !== Node.ELEMENT_NODE) return [];
  const element = node as HTMLElement;
  const tag = element.tagName.toLowerCase();
  if (DROPPED.has(tag) || isHidden(element)) return [];
  const within = { ...setting, marks: marksOf(element, tag, setting), lang: langOf(element) };
  const convert = CONVERSIONS[tag];
  if (convert) return convert(element, within, tag);
  // Names with a colon are Office's: paragraphs and fields of its own that show nothing.
  if (tag.includes(":")) return element.textContent?.trim() ? childrenOf(element, within) : [];
  return childrenOf(element, within);
}

type Conversion = (element: HTMLElement, setting: Setting, tag: string) => Node[];

const asParagraphs: Conversion = (element, setting) =>
  paragraphs(childrenOf(element, setting), setting);

const asHeading: Conversion = (element, setting, tag) =>
  wrapRuns(
    childrenOf(element, { ...setting, isHeading: true }),
    setting.headings[tag] ?? "h4",
    setting,
  );

const CONVERSIONS: Record<string, Conversion> = {
  ...Object.fromEntries(
    (
      "p div section article header footer main aside nav center figure figcaption address dl dt " +
      "dd details summary fieldset form pre body"
    )
      .split(" ")
      .map((tag) => [tag, asParagraphs]),
  ),
  ...Object.fromEntries(Object.keys(HEADINGS).map((tag) => [tag, asHeading])),
  br: (_, { out }) => [out.createElement("br")],
  hr: () => [],
  a: asLink,
  img: asPicture,
  video: asVideo,
  ul: asList,
  ol: asList,
  li: (element, setting) => asList(wrapAlone(element), setting, "ul"),
  blockquote: (element, setting) =>
    around("blockquote", asParagraphs(element, setting, ""), setting),
  table: asTable,
};

function textOf(text: string, { out, marks, lang, isHeading }: Setting): Node[] {
  const joined = text.replace(BROKEN_LINE, "$1").replace(/[ \t\r\n\f]+/g, " ");
  if (!joined) return [];
  let node: Node = out.createTextNode(joined);
  for (const mark of MARKS) {
    if (isHeading || !marks.has(mark) || !joined.trim()) continue;
    const wrapper = out.createElement(mark);
    wrapper.append(node);
    node = wrapper;
  }
  if (lang && joined.trim()) {
    const wrapper = out.createElement("span");
    wrapper.lang = lang;
    wrapper.append(node);
    node = wrapper;
  }
  return [node];
}

function langOf(element: HTMLElement): string {
  return element.closest("span[lang='mn-Mong']") ? "mn-Mong" : "";
}

function isHidden(element: HTMLElement): boolean {
  const style = styleOf(element);
  return /display:none|mso-hide:all/.test(style);
}

/** What the style attribute said, without spaces, in small letters; see inert.ts. */
export function styleOf(element: Element): string {
  return (element.getAttribute("data-style") ?? "").replace(/\s+/g, "").toLowerCase();
}

function marksOf(element: HTMLElement, tag: string, { marks }: Setting): ReadonlySet<Mark> {
  const style = styleOf(element);
  const found = new Set(marks);
  const own = MARK_TAGS[tag];
  if (own) found.add(own);
  apply(
    found,
    "strong",
    /font-weight:(bold|bolder|[6-9]00)/,
    /font-weight:(normal|[1-4]00)/,
    style,
  );
  apply(found, "em", /font-style:(italic|oblique)/, /font-style:normal/, style);
  if (tag !== "a") apply(found, "u", /text-decoration(-line)?:[^;]*underline/, /(?!)/, style);
  return found;
}

function apply(marks: Set<Mark>, mark: Mark, isOn: RegExp, isOff: RegExp, style: string): void {
  if (isOn.test(style)) marks.add(mark);
  else if (isOff.test(style)) marks.delete(mark);
}

function asLink(element: HTMLElement, setting: Setting): Node[] {
  const address = element.getAttribute("href")?.trim() ?? "";
  const children = childrenOf(element, setting);
  const isPlain = children.every((child) => !isBlock(child));
  const hasText = children.some((child) => child.textContent?.trim());
  if (!LINK.test(address) || !isPlain || !hasText) return children;
  const link = setting.out.createElement("a");
  link.setAttribute("href", address);
  link.append(...children);
  return [link];
}

function asPicture(element: HTMLElement, setting: Setting): Node[] {
  const address = element.getAttribute("data-src") ?? element.getAttribute("src") ?? "";
  if (isDot(element)) return [];
  const alt = element.getAttribute("alt")?.trim() ?? "";
  if (PICTURE_FILE.test(ownPath(address))) {
    const picture = setting.out.createElement("img");
    picture.setAttribute("src", ownPath(address));
    if (alt) picture.setAttribute("alt", alt);
    return [picture];
  }
  const fetchable = addressToFetch(address);
  if (!fetchable) return [noteIn(setting)];
  const pending = setting.out.createElement(PENDING);
  pending.setAttribute("data-url", fetchable);
  if (alt) pending.setAttribute("data-alt", alt);
  return [pending];
}

/** Pictures of one point count readers. */
function isDot(element: HTMLElement): boolean {
  return ["width", "height"].some((name) => /^[01](px)?$/.test(element.getAttribute(name) ?? ""));
}

function ownPath(address: string): string {
  const { origin } = location;
  return address.startsWith(`${origin}/`) ? address.slice(origin.length) : address;
}

/** What the server can be asked to fetch, or what the page holds itself; nothing for files. */
function addressToFetch(address: string): string {
  if (/^data:image\/(png|jpeg|webp);base64,/i.test(address)) return address;
  if (address.startsWith("//")) return `https:${address}`;
  return /^https?:\/\//i.test(address) ? address.replace(/^http:/i, "https:") : "";
}

function noteIn({ out }: Setting): Node {
  const note = out.createElement("p");
  note.textContent = PICTURE_NOTE;
  return note;
}

function asVideo(element: HTMLElement, setting: Setting): Node[] {
  const address = ownPath(element.getAttribute("src") ?? "");
  if (!VIDEO_FILE.test(address)) return [];
  const video = setting.out.createElement("video");
  video.setAttribute("src", address);
  return [video];
}

/** Lists within lists belong to the item before, which is where Word and others forget to put them. */
function asList(element: HTMLElement, setting: Setting, tag: string): Node[] {
  const list = setting.out.createElement(tag);
  for (const child of element.childNodes) {
    const isItem = child.nodeName === "LI";
    const content = isItem ? childrenOf(child, setting) : converted(child, setting);
    const blocks = paragraphs(content, setting);
    if (!blocks.length) continue;
    const onlyLists = blocks.every((block) => /^(UL|OL)$/.test(block.nodeName));
    let item = list.lastElementChild;
    if (!item || !onlyLists) {
      item = setting.out.createElement("li");
      list.append(item);
      if (blocks[0]?.nodeName !== "P") item.append(setting.out.createElement("p"));
    }
    item.append(...blocks);
  }
  return list.childNodes.length ? [list] : [];
}

function wrapAlone(element: HTMLElement): HTMLElement {
  const list = element.ownerDocument.createElement("ul");
  list.append(element.cloneNode(true));
  return list;
}

function asTable(element: HTMLElement, setting: Setting): Node[] {
  const table = setting.out.createElement("table");
  const body = setting.out.createElement("tbody");
  table.append(body);
  const rows = [...element.querySelectorAll("tr")].filter(
    (row) => row.closest("table") === element,
  );
  for (const row of rows) {
    const cells = [...row.children].filter((cell) => /^(TD|TH)$/.test(cell.tagName));
    if (!cells.length) continue;
    const made = setting.out.createElement("tr");
    made.append(...cells.map((cell) => cellOf(cell as HTMLElement, setting)));
    body.append(made);
  }
  if (!body.childNodes.length) return [];
  return isLayout(body) ? [...(body.querySelector("td")?.childNodes ?? [])] : [table];
}

/** A table of one cell is a frame around a text, not a table. */
function isLayout(body: HTMLElement): boolean {
  return body.children.length === 1 && body.firstElementChild?.children.length === 1;
}

function cellOf(cell: HTMLElement, setting: Setting): HTMLElement {
  const made = setting.out.createElement(cell.tagName.toLowerCase());
  for (const name of ["colspan", "rowspan"]) {
    const span = Number(cell.getAttribute(name));
    if (span > 1 && span <= 100) made.setAttribute(name, String(span));
  }
  const within = {
    ...setting,
    marks: marksOf(cell, "td", setting),
    isHeading: cell.tagName === "TH",
  };
  made.append(...paragraphs(childrenOf(cell, within), setting));
  if (!made.childNodes.length) made.append(setting.out.createElement("p"));
  return made;
}

function around(tag: string, blocks: Node[], { out }: Setting): Node[] {
  if (!blocks.length) return [];
  const wrapper = out.createElement(tag);
  wrapper.append(...blocks);
  return [wrapper];
}

function paragraphs(nodes: Node[], setting: Setting): Node[] {
  return wrapRuns(nodes, "p", setting);
}

/** Blocks stay, runs of words between them become paragraphs; nothing becomes nothing. */
function wrapRuns(nodes: Node[], tag: string, { out }: Setting): Node[] {
  const made: Node[] = [];
  let run: Node[] = [];
  const close = (): void => {
    const trimmed = trimBreaks(run);
    run = [];
    if (!trimmed.length) return;
    const block = out.createElement(tag);
    block.append(...trimmed);
    trimSpace(block);
    made.push(block);
  };
  for (const node of nodes) {
    if (isBlock(node)) {
      close();
      made.push(node);
    } else {
      run.push(node);
    }
  }
  close();
  return made;
}

function isBlock(node: Node): boolean {
  return BLOCKS.has(node.nodeName.toLowerCase());
}

function trimBreaks(run: Node[]): Node[] {
  const isEmpty = (node: Node): boolean => !/[^\s\u00a0\u200b\ufeff]/.test(node.textContent ?? "");
  let [from, to] = [0, run.length];
  while (from < to && isEmpty(run[from] as Node)) from++;
  while (to > from && isEmpty(run[to - 1] as Node)) to--;
  return run.slice(from, to);
}

function trimSpace(block: Element): void {
  const texts = textNodesOf(block);
  const [first, last] = [texts[0], texts.at(-1)];
  if (first) first.nodeValue = (first.nodeValue ?? "").replace(/^[ \u00a0\u3000]+/, "");
  if (last) last.nodeValue = (last.nodeValue ?? "").replace(/[ \u00a0\u3000]+$/, "");
}

function textNodesOf(node: Node): Node[] {
  return [...node.childNodes].flatMap((child) =>
    child.nodeType === Node.TEXT_NODE ? [child] : textNodesOf(child),
  );
}

/** Word cuts one bold word into several; they are one again. */
function joinMarks(element: Element): void {
  for (const child of [...element.children]) {
    const before = child.previousSibling;
    const isMark = /^(STRONG|EM|U|S|SUB|SUP)$/.test(child.tagName);
    if (isMark && before?.nodeName === child.nodeName) {
      (before as Element).append(...child.childNodes);
      child.remove();
      joinMarks(before as Element);
    } else {
      joinMarks(child);
    }
  }
}
