import { expect, it } from "vitest";
import { mn as knowledgeMn } from "@/texts/knowledge/mn";
import { zh as knowledgeZh } from "@/texts/knowledge/zh";
import { mn as ledgerMn } from "@/texts/ledger/mn";
import { zh as ledgerZh } from "@/texts/ledger/zh";
import { mn } from "@/texts/mn";
import { zh } from "@/texts/zh";

type Text = string | ((...values: never[]) => string);

/** Every text by its path. */
function flatten(texts: object, path = ""): [string, Text][] {
  return Object.entries(texts).flatMap(([key, value]: [string, Text | object]) =>
    typeof value === "object" ? flatten(value, `${path}${key}.`) : [[path + key, value] as const],
  ) as [string, Text][];
}

/** A text with marks in its blanks. */
function spoken(text: Text): string {
  return typeof text === "string" ? text : (text as (...all: unknown[]) => string)(...BLANKS);
}

const BLANKS = ["71", "72", "73"];
const chinese = flatten({ ...zh, ledger: ledgerZh, knowledgePages: knowledgeZh });
const mongolian = flatten({ ...mn, ledger: ledgerMn, knowledgePages: knowledgeMn });
const chineseAt = new Map(chinese);

/** The paths of the texts of which something is true. */
function pathsWhere(texts: [string, Text][], test: (words: string, path: string) => boolean) {
  return texts.filter(([path, text]) => test(spoken(text), path)).map(([path]) => path);
}

it("has every text in both languages, and no other", () => {
  expect(mongolian.map(([path]) => path)).toEqual(chinese.map(([path]) => path));
});

it.each([
  ["Chinese", chinese],
  ["Mongolian", mongolian],
] as const)("says something everywhere in %s, with all it is given", (_, texts) => {
  expect(pathsWhere(texts, (words) => words.trim() === "")).toEqual([]);
  const isIncomplete = (words: string, path: string) => {
    const text = chineseAt.get(path);
    const given = typeof text === "function" ? text.length : 0;
    return BLANKS.some((blank, place) => words.includes(blank) !== place < given);
  };
  expect(pathsWhere(texts, isIncomplete)).toEqual([]);
});

it("keeps the scripts apart, but for the other one's name", () => {
  expect(pathsWhere(chinese, (words) => /\p{Script=Mongolian}/u.test(words))).toEqual([
    "home.otherScript",
    "display.mongolian",
  ]);
  const hasChinese = (words: string) => /[\p{Script=Han}，。；：、]/u.test(words);
  expect(pathsWhere(mongolian, hasChinese)).toEqual(["home.otherScript", "display.chinese"]);
});

it("keeps suffixes and vowels that stand apart where they belong", () => {
  // A suffix follows a word or a blank; a vowel that stands apart is an a or e at a word's end.
  const suffix = /(^|\s)\u202f|\u202f(\s|$)/;
  const vowel = /\u180e(?![\u1820\u1821](?!\p{L}))/u;
  const isAstray = (words: string) => suffix.test(words) || vowel.test(words);
  expect(pathsWhere(mongolian, isAstray)).toEqual([]);
});

it("has no English but the name of a format", () => {
  const isEnglish = (words: string) => /[A-Za-z]/.test(words.replace("JSON", ""));
  expect(pathsWhere([...chinese, ...mongolian], isEnglish)).toEqual([]);
});
