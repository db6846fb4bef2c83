const RPX = /(^|[^\w-])(-?(?:\d+\.)?\d+|-?\.\d+)rpx\b/g;
const VH = /(^|[^\w-])(-?(?:\d+\.)?\d+|-?\.\d+)vh\b/g;

/**
 * WeChat's units in a CSS text: 750rpx are the width of the screen, and 100vh are the page without
 * the navigation bar, which here is a part of the window.
 * @param {string} css
 */
export function convertUnits(css) {
  return css
    .replace(RPX, (_, before, number) => `${before}calc(${number} * 100vw / 750)`)
    .replace(VH, (_, before, number) => `${before}calc(${number} * var(--wx-vh))`);
}
