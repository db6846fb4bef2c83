import { mount } from "@vue/test-utils";
import { describe, expect, test } from "vitest";
import { SafeHtml } from "@/domains/knowledge/review/SafeHtml";
import { yearsFrom } from "@/domains/knowledge/review/days";
import { HOSTILE } from "./knowledgeSamples";

const PICTURE = "/files/0123456789abcdef0123456789abcdef.webp";

describe("rich text to read", () => {
  test("is drawn as it was written", () => {
    const html =
      `<h2>一</h2><p>二<strong>三</strong><span lang="mn-Mong">ᠬᠤᠩᠬᠤ</span></p>` +
      `<table><tbody><tr><td colspan="2">四</td></tr></tbody></table>`;
    expect(mount(SafeHtml, { props: { html } }).html({ raw: true })).toContain(html);
    const picture = mount(SafeHtml, { props: { html: `<img src="${PICTURE}" alt="黄芪">` } });
    expect(picture.find("img").attributes()).toMatchObject({ src: PICTURE, alt: "黄芪" });
  });

  test.each(HOSTILE)("shows nothing but text of %s", (html) => {
    const drawn = mount(SafeHtml, { props: { html } });
    expect(drawn.find("script, iframe, object, embed, svg, style, form, img, video").exists()).toBe(
      false,
    );
    expect(drawn.html()).not.toMatch(/\son\w+=|javascript:|srcdoc|style=/i);
  });
});

test("a review holds for whole years", () => {
  const moment = Date.parse("2028-02-28T17:00:00Z");
  expect(yearsFrom(moment, 2)).toBe("2030-02-28");
  expect(yearsFrom(Date.parse("2026-11-22T01:00:00Z"), 1)).toBe("2027-11-22");
});
