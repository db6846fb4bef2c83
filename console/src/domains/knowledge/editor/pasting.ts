import { cleanTree } from "./pastingClean";
import { parseInert } from "./inert";
import { isFromWechat, prepareWechat } from "./pastingWechat";
import { isFromWord, prepareWord } from "./pastingWord";

/** Turns what is on the clipboard into what the editor keeps. All of it is pure. */

/** HTML from anywhere as our own; pictures that have to be fetched are `<pending-picture>`. */
export function cleanPasted(html: string): string {
  const body = parseInert(fragmentOf(html));
  if (isFromWord(html)) prepareWord(body);
  if (isFromWechat(html)) prepareWechat(body);
  return cleanTree(body);
}

/** The clipboard of Windows marks what was selected; around it lies the rest of the page. */
function fragmentOf(html: string): string {
  const marked = /<!--\s*StartFragment\s*-->([\s\S]*?)<!--\s*EndFragment\s*-->/i.exec(html)?.[1];
  // Excel marks the rows only, without the table around them.
  return marked && !/^\s*<(col|tr|td|th|tbody)\b/i.test(marked) ? marked : html;
}

/** Plain text: a paragraph for every line. */
export function paragraphsOf(text: string): string {
  const out = new DOMParser().parseFromString("", "text/html");
  for (const line of text.split(/\r\n?|\n/)) {
    if (!line.trim()) continue;
    const paragraph = out.createElement("p");
    paragraph.textContent = line.trim();
    out.body.append(paragraph);
  }
  return out.body.innerHTML;
}

/** Whether there is nothing but a picture, which then comes better as the file beside. */
export function isOnlyPicture(html: string): boolean {
  const body = parseInert(html);
  return !body.textContent?.trim() && body.querySelectorAll("img").length === 1;
}
