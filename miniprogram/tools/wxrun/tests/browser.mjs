import fs from "node:fs";
import { chromium } from "playwright-core";

export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
export const browsing = { skip: fs.existsSync(CHROMIUM) ? false : `there is no ${CHROMIUM}` };

export const launchBrowser = () =>
  chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-proxy-server",
    ],
  });

/**
 * A phone's page, with everything that went wrong in it.
 * @param {import('playwright-core').Browser} browser @param {string} origin
 */
export async function openPhone(browser, origin, search = "") {
  const context = await browser.newContext({
    viewport: { width: 375, height: 720 },
    hasTouch: true,
    isMobile: true,
    locale: "zh-CN",
    baseURL: origin,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(4000);
  const faults = /** @type {string[]} */ ([]);
  page.on("pageerror", (error) => faults.push(error.message));
  // The browser also complains of every answer that is not a success; that is for the test to want.
  const isOwn = (/** @type {string} */ text) => !text.startsWith("Failed to load resource");
  page.on(
    "console",
    (message) => message.type() === "error" && isOwn(message.text()) && faults.push(message.text()),
  );
  page.on("request", (request) => {
    if (!request.url().startsWith(origin) && !/^(data|blob):/.test(request.url()))
      faults.push(`asked ${request.url()}`);
  });
  await page.goto(`/index.html${search}`);
  return { page, faults, close: () => context.close() };
}
