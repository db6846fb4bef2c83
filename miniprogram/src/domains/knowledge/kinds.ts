/** The kinds of health knowledge, and in which order the pages show what is said in them. */

import type { KnowledgeTexts } from "@/texts/knowledge";
import type { Kind } from "./api";

export const KINDS: readonly Kind[] = [
  "herb",
  "formula",
  "technique",
  "exercise",
  "article",
  "wellness_product",
  "culture",
  "collected",
];

export function asKind(text: unknown): Kind | null {
  return KINDS.find((kind) => kind === text) ?? null;
}

type Heading = keyof KnowledgeTexts["sections"];
type TextField =
  | "part_used"
  | "properties"
  | "actions"
  | "usage"
  | "cautions"
  | "source_text"
  | "indications"
  | "contraindications"
  | "operators"
  | "suitable_for"
  | "period";
type RichField = "body" | "growing";

/** A part of a page: a text, blocks, steps or a composition, under a heading of its own. */
export type Section =
  | { form: "text"; field: TextField; heading: Heading }
  | { form: "rich"; field: RichField; heading: Heading }
  | { form: "steps"; field: "steps"; heading: Heading }
  | { form: "composition"; field: "composition"; heading: Heading };

const text = (field: TextField, heading: Heading = field): Section => ({
  form: "text",
  field,
  heading,
});
const rich = (field: RichField, heading: Heading = field): Section => ({
  form: "rich",
  field,
  heading,
});
const STEPS: Section = { form: "steps", field: "steps", heading: "steps" };
const COMPOSITION: Section = { form: "composition", field: "composition", heading: "composition" };
const CAUTIONS = text("cautions");

/** What may harm stands before what is to be done. */
export const SECTIONS: Record<Kind, readonly Section[]> = {
  article: [rich("body", "article")],
  herb: [
    text("actions"),
    CAUTIONS,
    text("usage"),
    text("properties"),
    text("part_used"),
    rich("body"),
    rich("growing"),
  ],
  formula: [
    COMPOSITION,
    text("actions"),
    CAUTIONS,
    text("usage"),
    text("source_text"),
    rich("body"),
  ],
  technique: [
    text("indications"),
    text("contraindications"),
    text("operators"),
    CAUTIONS,
    STEPS,
    rich("body"),
  ],
  exercise: [text("suitable_for"), CAUTIONS, STEPS, rich("body")],
  wellness_product: [text("actions"), CAUTIONS, COMPOSITION, text("usage"), rich("body")],
  culture: [text("period"), rich("body", "article")],
  collected: [
    text("source_text", "spoken"),
    text("actions", "traditionalUse"),
    CAUTIONS,
    COMPOSITION,
    text("usage"),
    rich("body"),
  ],
};
