import { describe, expect, test } from "vitest";
import {
  bodyOf,
  differences,
  editable,
  merge,
  wordsOf,
  type Content,
  type Kind,
} from "@/domains/knowledge/editor/content";

function field(name: string, form: string) {
  return { name, title: name, form, is_required: false, hint: "", choices: null };
}

const HERB: Kind = {
  code: "herb",
  title: "药材",
  half: [field("name", "line"), field("aliases", "lines"), field("body", "rich")],
  facts: [
    field("source", "text"),
    field("pictures", "pictures"),
    field("composition", "composition"),
  ],
};

function content(name: string, more: Partial<Content> = {}): Content {
  return { zh: { name }, mn: null, facts: {}, links: [], ...more };
}

describe("what is sent", () => {
  test("has every field, no addresses, no empty rows, and no half of nothing", () => {
    const written = editable(HERB, content("黄芪"));
    written.zh = { ...written.zh, aliases: [" 绵芪 ", ""], body: " " };
    written.facts = {
      pictures: [
        { file_id: 1, url: "/files/a", thumbnail_url: "/files/b", caption: "", caption_mn: null },
      ],
      composition: [{ name: " ", amount: null, unit: "g", note: null, item_id: null }],
    };
    expect(bodyOf(HERB, written)).toEqual({
      zh: { name: "黄芪", aliases: ["绵芪"], body: null },
      mn: null,
      facts: {
        source: null,
        pictures: [{ file_id: 1, caption: null, caption_mn: null }],
        composition: null,
      },
      links: [],
    });
  });
});

describe("two versions", () => {
  test("differ where they say different things, however that is written", () => {
    const one = content("黄芪", { zh: { name: "黄芪", body: "<p>一<br/></p>\n<p>二</p>" } });
    const other = content("黄芪 ", { zh: { name: "黄芪 ", body: "<p>一<br></p><p>二</p>" } });
    expect(differences(HERB, one, other)).toEqual([]);
    const third = content("黄芪", { mn: { name: "ᠬᠤᠩᠬᠤ" } });
    expect(differences(HERB, content("黄芪"), third).map(({ title }) => title)).toEqual([
      "name（蒙古文）",
    ]);
  });

  test("are put together; only what both changed is in dispute", () => {
    const base = content("黄芪", { facts: { source: "甲" } });
    const mine = content("黄耆", { facts: { source: "甲" } });
    const theirs = content("黄芪", { facts: { source: "乙" }, mn: { name: "ᠬᠤᠩᠬᠤ" } });
    const merged = merge(HERB, base, mine, theirs);
    expect(merged.disputed).toEqual([]);
    expect(bodyOf(HERB, merged.content)).toMatchObject({
      zh: { name: "黄耆" },
      mn: { name: "ᠬᠤᠩᠬᠤ" },
      facts: { source: "乙" },
    });
    const both = merge(HERB, base, mine, content("北芪", { facts: { source: "甲" } }));
    expect(both.disputed.map(({ place }) => place)).toEqual(["zh.name"]);
    expect(both.content.zh?.["name"]).toBe("黄耆");
  });

  test("an answer that got lost is no dispute with oneself", () => {
    const mine = content("黄耆");
    expect(merge(HERB, content("黄芪"), mine, structuredClone(mine)).disputed).toEqual([]);
  });
});

test("values in words", () => {
  expect(wordsOf(field("body", "rich"), "<p>一</p><ul><li>二</li></ul>")).toBe("一 二");
  expect(wordsOf(field("aliases", "lines"), ["绵芪", "黄耆"])).toBe("绵芪、黄耆");
  expect(wordsOf(field("name", "line"), null)).toBe("（空）");
});
