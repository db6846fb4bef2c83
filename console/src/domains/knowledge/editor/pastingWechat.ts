/** What the articles of official accounts bring along that is not theirs to keep. */

export function isFromWechat(html: string): boolean {
  return /mmbiz\.qpic\.cn|mmbiz\.qlogo\.cn|id="?js_content|class="?rich_media/i.test(html);
}

const FURNITURE = [
  "mp-common-profile",
  "mp-common-mpaudio",
  "mp-common-videosnap",
  "mp-miniprogram",
  "mpvoice",
  "qqmusic",
  ".weapp_display_element",
  ".rich_media_meta_list",
  ".mp_profile_iframe_wrp",
  ".js_wechat_profile",
].join(",");

export function prepareWechat(body: HTMLElement): void {
  for (const element of [...body.querySelectorAll(FURNITURE)]) element.remove();
  for (const picture of [...body.querySelectorAll("img")]) {
    // Until it scrolls into sight the address lies in data-src, and src is a grey square.
    const address = picture.getAttribute("data-src") ?? picture.getAttribute("data-backsrc");
    if (address) picture.setAttribute("src", address);
    if (/^data:image\/(gif|svg)/.test(picture.getAttribute("src") ?? "")) picture.remove();
    if (/^(图片|image)$/i.test(picture.getAttribute("alt") ?? "")) picture.removeAttribute("alt");
  }
}
