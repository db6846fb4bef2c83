import { convertUnits } from "../framework/units.js";
import { locateFile } from "../wx/files-store.js";
import { WxElement } from "./base.js";

/** What WeChat lets through; everything else disappears with what is in it. */
const TAGS = new Set(
  (
    "a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del div dl dt " +
    "em fieldset font footer h1 h2 h3 h4 h5 h6 header hr i img ins label legend li mark nav ol p pre q rt ruby s " +
    "section small span strong sub sup table tbody td tfoot th thead tr tt u ul"
  ).split(" "),
);
const ATTRIBUTES = /** @type {Record<string, string[]>} */ ({
  bdo: ["dir"],
  col: ["span", "width"],
  colgroup: ["span", "width"],
  font: ["color", "face"],
  img: ["alt", "src", "height", "width"],
  ol: ["start", "type"],
  table: ["width"],
  td: ["colspan", "height", "rowspan", "width"],
  th: ["colspan", "height", "rowspan", "width"],
});

/** @typedef {{ type?: string, name?: string, attrs?: Record<string, any>, children?: RichNode[], text?: string }} RichNode */

export class WxRichText extends WxElement {
  changed(/** @type {string} */ name) {
    if (name !== "nodes" && name !== "space") return;
    const { nodes } = this.props;
    const tree = Array.isArray(nodes) ? nodes : parseHtml(String(nodes || ""));
    this.replaceChildren(...tree.map(draw).filter((each) => each !== null));
  }
}

/** @param {string} html @returns {RichNode[]} */
export function parseHtml(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return [...template.content.childNodes].map(toRichNode).filter((each) => each !== null);
}

/** @returns {RichNode | null} */
function toRichNode(/** @type {Node} */ node) {
  if (node instanceof Text) return { type: "text", text: node.data };
  if (!(node instanceof Element)) return null;
  const attrs = Object.fromEntries([...node.attributes].map((each) => [each.name, each.value]));
  const children = [...node.childNodes].map(toRichNode).filter((each) => each !== null);
  return {
    type: "node",
    name: node.localName,
    attrs,
    children: /** @type {RichNode[]} */ (children),
  };
}

/** @returns {Node | null} */
function draw(
  /** @type {RichNode} */ { type = "node", name = "", attrs = {}, children = [], text = "" },
) {
  if (type === "text") return document.createTextNode(decode(text));
  const tag = name.toLowerCase();
  if (!TAGS.has(tag)) return null;
  const element = document.createElement(tag);
  for (const attribute of ["class", "style", ...(ATTRIBUTES[tag] ?? [])]) {
    if (attrs[attribute] !== undefined) set(element, attribute, String(attrs[attribute]));
  }
  element.append(...children.map(draw).filter((each) => each !== null));
  return element;
}

function set(
  /** @type {HTMLElement} */ element,
  /** @type {string} */ name,
  /** @type {string} */ value,
) {
  if (name === "style") element.setAttribute(name, convertUnits(value));
  else element.setAttribute(name, name === "src" ? locateFile(value) : value);
}

const ENTITIES = /** @type {Record<string, string>} */ ({
  nbsp: " ",
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  apos: "'",
});
const decode = (/** @type {string} */ text) =>
  text.replace(/&(nbsp|lt|gt|amp|quot|apos);/g, (_, name) => ENTITIES[name]);
