import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, afterEach, before } from "node:test";
import assert from "node:assert/strict";
import { bundle } from "../src/build/bundle.mjs";
import { browsing, launchBrowser, openPhone } from "./browser.mjs";
import { serve } from "./server.mjs";

export const SITE = "https://api.example.org";

/**
 * The fixture in a phone. Every test opens its own, and fails when anything went wrong in it that it
 * did not expect.
 */
export function usePhones() {
  const out = fs.mkdtempSync(path.join(os.tmpdir(), "wxrun-fixture-"));
  const state = /** @type {any} */ ({ requests: [], answers: {} });
  const answer = (request) => {
    state.requests.push(request);
    const [place] = request.path.split("?");
    const given = state.answers[place];
    return typeof given === "function" ? given(request) : given;
  };
  before(async () => {
    if (browsing.skip) return;
    await bundle({ folder: path.join(import.meta.dirname, "fixture"), out, site: SITE });
    state.server = await serve(out, answer);
    state.browser = await launchBrowser();
  });
  after(async () => {
    await state.browser?.close();
    state.server?.close();
    fs.rmSync(out, { recursive: true });
  });
  afterEach(async () => {
    await state.phone?.close();
    const { faults = [] } = state.phone ?? {};
    Object.assign(state, { requests: [], answers: {}, phone: undefined });
    assert.deepEqual(faults, []);
  });
  state.open = async (search = "") => {
    state.phone = await openPhone(state.browser, state.server.origin, search);
    return state.phone.page;
  };
  /** Takes an expected error out of what went wrong. */
  state.expectFault = async (words) => {
    await state.phone.page.waitForTimeout(50);
    const at = state.phone.faults.findIndex((fault) => words.test(fault));
    assert.ok(at >= 0, `expected ${words}, got ${JSON.stringify(state.phone.faults)}`);
    state.phone.faults.splice(at, 1);
  };
  return state;
}

/** Waits until the page's answer is as wanted; what it cannot tell yet it may throw. */
export async function until(page, work, wanted, argument) {
  let found;
  for (let tries = 0; tries < 60; tries += 1) {
    found = await page.evaluate(work, argument).catch((error) => error);
    try {
      assert.deepEqual(found, wanted);
      return;
    } catch {
      await page.waitForTimeout(30);
    }
  }
  assert.deepEqual(found, wanted);
}

/** Calls wx.<api> in the page; the answer of success, or of fail. */
export const ask = (page, api, options = {}) =>
  page.evaluate(
    ([name, given]) =>
      new Promise((resolve) =>
        wx[name]({
          ...given,
          success: (answer) => resolve({ answer }),
          fail: (failure) => resolve({ failure }),
        }),
      ),
    [api, options],
  );
