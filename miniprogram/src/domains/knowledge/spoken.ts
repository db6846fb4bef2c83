/** What is read aloud of an item: its Chinese half, what may harm first. */

import { zh } from "@/texts/knowledge/zh";
import type { Block, Half, Item } from "./api";
import { SECTIONS, type Section } from "./kinds";
import { spokenText } from "./rich-text";

/** Nothing where there is no Chinese. */
export function spokenItem({ kind, zh: half, facts }: Item): string {
  if (!half) return "";
  const { pregnancy, toxicity } = facts;
  return [
    half.name,
    toxicity ? zh.toxicity[toxicity] : "",
    pregnancy ? zh.pregnancy[pregnancy] : "",
    half.summary ?? "",
    ...SECTIONS[kind].map((section) => spokenSection(section, half)),
    zh.item.notAdvice,
  ]
    .filter(Boolean)
    .map(ended)
    .join("\n");
}

function spokenSection(section: Section, half: Half): string {
  const words = wordsOf(section, half);
  return words && `${ended(zh.sections[section.heading])}\n${words}`;
}

function wordsOf(section: Section, half: Half): string {
  if (section.form === "text") return half[section.field] ?? "";
  if (section.form === "rich") return (half[section.field] ?? []).map(spokenBlock).join("\n");
  if (section.form === "steps") {
    return (half.steps ?? [])
      .map(({ text }, place) => `${zh.item.stepOf(place + 1)}，${text}`)
      .join("\n");
  }
  return "";
}

function spokenBlock({ type, html }: Block): string {
  return type === "html" ? spokenText(html ?? "") : "";
}

function ended(sentence: string): string {
  return /[。！？；]$/.test(sentence) ? sentence : `${sentence}。`;
}
