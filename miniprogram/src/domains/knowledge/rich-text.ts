/**
 * The server's clean HTML as nodes for <rich-text>. That element knows no selectors by tag, so each
 * tag gets a class; and nothing but these tags, their text and the spans of a table's cells goes
 * through, whatever the server should ever send.
 */

interface TextNode {
  type: "text";
  /** Entities stay as they are: <rich-text> reads them. */
  text: string;
}

export interface ElementNode {
  type: "node";
  name: string;
  attrs: Record<string, string>;
  children: RichNode[];
}

export type RichNode = TextNode | ElementNode;

const TAGS = new Set(
  (
    "a b blockquote br caption code del div em h1 h2 h3 h4 h5 h6 hr i ins li mark ol p pre s small " +
    "span strong sub sup table tbody td tfoot th thead tr u ul"
  ).split(" "),
);
const EMPTY = new Set(["br", "hr"]);
/** What is in these is no text. */
const SILENT = new Set(["script", "style", "template", "title", "noscript", "iframe", "object"]);
const SPANS = ["colspan", "rowspan"];

// A tag with its attributes, quoted or not, a comment, or a run of text; a lone < is text.
const TOKEN =
  /<!--[\s\S]*?(?:-->|$)|<(\/?)([a-zA-Z][^\s/>]*)((?:"[^"]*"|'[^']*'|[^'">])*)>|[^<]+|</g;
const ATTRIBUTE = /([^\s=/"']+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))/g;

export function toNodes(html: string): RichNode[] {
  const root: RichNode[] = [];
  const open: ElementNode[] = [];
  let silent: string | null = null;

  const put = (node: RichNode) => (open[open.length - 1]?.children ?? root).push(node);

  for (const token of html.matchAll(TOKEN)) {
    const [whole, slash, tag, attributes = ""] = token;
    const name = tag?.toLowerCase();
    if (silent) {
      if (slash && name === silent) silent = null;
    } else if (name === undefined) {
      if (!whole.startsWith("<!--")) put({ type: "text", text: whole.replace("<", "&lt;") });
    } else if (slash) {
      close(open, name);
    } else if (SILENT.has(name)) {
      silent = name;
    } else if (TAGS.has(name)) {
      const element: ElementNode = {
        type: "node",
        name,
        attrs: look(name, attributes),
        children: [],
      };
      put(element);
      if (!EMPTY.has(name)) open.push(element);
    }
  }
  return root;
}

/** Ends the nearest open element of this name, and what is open in it. */
function close(open: ElementNode[], name: string): void {
  const place = open.map((element) => element.name).lastIndexOf(name);
  if (place >= 0) open.length = place;
}

function look(name: string, attributes: string): Record<string, string> {
  const attrs: Record<string, string> = { class: `rich-${name}` };
  if (name !== "td" && name !== "th") return attrs;
  for (const [, attribute, double, single, bare] of attributes.matchAll(ATTRIBUTE)) {
    const value = double ?? single ?? bare ?? "";
    const known = SPANS.find((span) => span === attribute?.toLowerCase());
    if (known && /^[1-9]\d?$/.test(value)) attrs[known] = value;
  }
  return attrs;
}

/** The words in HTML, to be read aloud; paragraphs and cells apart. */
export function spokenText(html: string): string {
  return speak(toNodes(html))
    .replace(/[^\S\n]+/g, " ")
    .replace(/ ?\n\s*/g, "\n")
    .trim();
}

const INLINE = new Set("a b code del em i ins mark s small span strong sub sup u".split(" "));
const ENTITIES: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', nbsp: " " };

function speak(nodes: RichNode[]): string {
  return nodes
    .map((node) => {
      if (node.type === "text")
        return node.text.replace(/&(\w+);/g, (_, name) => ENTITIES[name] ?? " ");
      const words = speak(node.children);
      return INLINE.has(node.name) ? words : `\n${words}\n`;
    })
    .join("");
}
