import { defineComponent, h, type VNode } from "vue";
import { parseInert } from "../editor/inert";

/**
 * Rich text as elements made one by one: whatever the HTML says, nothing becomes part of the page
 * but what is named here.
 */

const SHOWN = new Set(
  (
    "p h2 h3 h4 ul ol li blockquote hr table thead tbody tr td th strong em u s sub sup br a span " +
    "img video"
  ).split(" "),
);
const ADDRESS = { a: /^(?:https?:\/\/|mailto:)/i, media: /^\/files\/[0-9a-f]{32}\.\w+$/ };

export const SafeHtml = defineComponent({
  props: { html: { type: String, required: true } },
  setup: (props) => () => {
    return [...parseInert(props.html).childNodes].flatMap(drawn);
  },
});

function drawn(node: Node): (VNode | string)[] {
  if (node.nodeType === Node.TEXT_NODE) return [node.nodeValue ?? ""];
  if (!(node instanceof Element)) return [];
  const tag = node.tagName.toLowerCase();
  if (!SHOWN.has(tag)) return [];
  const attributes = attributesOf(tag, node);
  if (!attributes) return [...node.childNodes].flatMap(drawn);
  return [h(tag, attributes, [...node.childNodes].flatMap(drawn))];
}

/** Those it may have; null for an element that is nothing without the one it lacks. */
function attributesOf(tag: string, element: Element): Record<string, unknown> | null {
  const value = (name: string): string => element.getAttribute(name) ?? "";
  if (tag === "a") {
    if (!ADDRESS.a.test(value("href"))) return null;
    return { href: value("href"), target: "_blank", rel: "noopener noreferrer nofollow" };
  }
  if (tag === "img" || tag === "video") {
    if (!ADDRESS.media.test(value("src"))) return null;
    const shared = { src: value("src"), ...sizeOf(element) };
    if (tag === "img") return { ...shared, alt: value("alt"), loading: "lazy" };
    return { ...shared, controls: true, preload: "metadata" };
  }
  const lang = /^(mn-Mong|zh-Hans|la)$/.test(value("lang")) ? value("lang") : undefined;
  const aligned = /^align-(center|right)$/.test(value("class")) ? value("class") : undefined;
  return { lang, class: aligned, ...spansOf(element) };
}

function sizeOf(element: Element): Record<string, number> {
  return wholesOf(element, ["width", "height"]);
}

function spansOf(element: Element): Record<string, number> {
  return wholesOf(element, ["colspan", "rowspan"]);
}

function wholesOf(element: Element, names: string[]): Record<string, number> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = Number(element.getAttribute(name));
      return Number.isInteger(value) && value > 0 && value < 100_000 ? [[name, value]] : [];
    }),
  );
}
