import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ICONS, icons } from "../build/icons";

const SOURCES = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((name) => /\.(vue|ts)$/.test(name) && !name.endsWith(".d.ts"))
  .map((name) => readFileSync(join("src", name), "utf8"));

// name="…" of app-icon, icon="…" of rows, and icon: "…" in lists.
const PLAIN = [
  /<app-icon(?:\s[^>]*?)?\sname="([^"]*)"/g,
  /\sicon="([^"]*)"/g,
  /\bicon: "([^"]*)"/g,
];
const BOUND = /<app-icon(?:\s[^>]*?)?\s:name="([^"]*)"/g;
const CHOSEN = /[?:]\s*'([^']*)'/g;

/** The names that pages show, as far as they stand in the source. */
function used(source: string): string[] {
  const plain = PLAIN.flatMap((place) => matches(source, place));
  return [...plain, ...matches(source, BOUND).flatMap((choice) => matches(choice, CHOSEN))];
}

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, name]) => name ?? "");
}

function load(id: string): string {
  const plugin = icons();
  return (plugin.load as (id: string) => string | null)(id) ?? "";
}

it("are all listed, where pages show them", () => {
  const names = [...new Set(SOURCES.flatMap(used))];
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name) => !(ICONS as readonly string[]).includes(name))).toEqual([]);
});

describe("the sheet", () => {
  const sheet = load("\0virtual:icons.css");

  it("draws every icon", () => {
    const isDrawn = (name: string) =>
      new RegExp(`\\.icon-${name}\\{-webkit-mask-image:url\\("[^"]*%3Csvg[^"]*viewBox`).test(sheet);
    expect(ICONS.filter((name) => !isDrawn(name))).toEqual([]);
  });

  it("fetches nothing from anywhere", () => {
    expect(sheet.replace(/http:\/\/www\.w3\.org\/2000\/svg/g, "")).not.toContain("http");
  });

  it("takes the place of TDesign's", () => {
    expect(load("/x/node_modules/@tdesign/uniapp/dist/icon/icon.css")).toBe("");
  });
});
