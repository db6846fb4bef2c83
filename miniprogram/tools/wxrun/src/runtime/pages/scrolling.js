/**
 * Tells a page how far it is scrolled and when its end is near.
 * @param {import('./page.js').Page} page
 */
export function watchScrolling(page) {
  const { scroller } = page;
  let told = -1;
  scroller.addEventListener("scroll", () => {
    if (scroller.hidden) return;
    page.call("onPageScroll", { scrollTop: scroller.scrollTop });
    const rest = scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;
    const isNear = rest <= Number(page.config.onReachBottomDistance ?? 50);
    // Once for every time the end comes near, and again when the page has grown.
    if (isNear && told !== scroller.scrollHeight) page.call("onReachBottom");
    told = isNear ? scroller.scrollHeight : -1;
  });
}
