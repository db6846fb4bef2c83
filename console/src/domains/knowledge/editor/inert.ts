/**
 * HTML without what a browser looks at as soon as it is parsed, even in a document nobody shows:
 * styles and handlers, which the page's policy would report. They are kept under other names.
 */
export function inert(html: string): string {
  return html
    .replace(/<base\b[^>]*>/gi, "")
    .replace(/<style\b[\s\S]*?(?:<\/style\s*>|$)/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) =>
      tag.replace(/([\s/"'])(style|on[a-z]+)(?=\s*=)/gi, "$1data-$2"),
    );
}

/** Its body, in a document of its own. */
export function parseInert(html: string): HTMLElement {
  return new DOMParser().parseFromString(inert(html), "text/html").body;
}
