import type { Schema } from "@/api/client";
import type { Field, Kind, Language } from "../editor/content";

/** What a citizen's page of an item is put together from, in the order of its kind. */

export type Shown = Schema<"ItemView">;
export type Block = Schema<"BlockView">;
type Half = NonNullable<Shown["zh"]>;

export type Section = { field: Field } & (
  | { sort: "text"; text: string }
  | { sort: "blocks"; blocks: Block[] }
  | { sort: "steps"; steps: NonNullable<Half["steps"]> }
  | { sort: "composition"; rows: NonNullable<Shown["facts"]["composition"]> }
);

/** Stand at the head of the page, each in its own way. */
const AT_THE_HEAD = new Set([
  "name",
  "aliases",
  "summary",
  "latin_name",
  "pregnancy",
  "toxicity",
  "topic_ids",
  "pictures",
  "video",
]);

export function sectionsOf(item: Shown, kind: Kind, language: Language): Section[] {
  const half = item[language] as Record<string, unknown> | null;
  const facts = item.facts as unknown as Record<string, unknown>;
  const first = kind.facts.filter(({ form }) => form === "composition");
  const rest = kind.facts.filter(({ form }) => form !== "composition");
  return [
    ...first.flatMap((field) => sectionOf(field, facts)),
    ...kind.half.flatMap((field) => sectionOf(field, half ?? {})),
    ...rest.flatMap((field) => sectionOf(field, facts)),
  ];
}

function sectionOf(field: Field, values: Record<string, unknown>): Section[] {
  const value = values[field.name];
  const isNothing = value === null || value === undefined || value === "";
  if (AT_THE_HEAD.has(field.name) || isNothing || (Array.isArray(value) && !value.length))
    return [];
  switch (field.form) {
    case "rich":
      return [{ field, sort: "blocks", blocks: value as Block[] }];
    case "steps":
      return [{ field, sort: "steps", steps: value as NonNullable<Half["steps"]> }];
    case "composition":
      return [
        {
          field,
          sort: "composition",
          rows: value as NonNullable<Shown["facts"]["composition"]>,
        },
      ];
    case "choice": {
      const title = field.choices?.find(({ code }) => code === value)?.title;
      return [{ field, sort: "text", text: title ?? String(value) }];
    }
    default:
      return [{ field, sort: "text", text: String(value) }];
  }
}

/** What nobody may overlook. */
export function warningsOf(item: Shown, kind: Kind): string[] {
  return ["pregnancy", "toxicity"].flatMap((name) => {
    const field = kind.facts.find((each) => each.name === name);
    const value = (item.facts as unknown as Record<string, unknown>)[name];
    const isHarmless = value === "allowed" || value === "none";
    const choice = field?.choices?.find(({ code }) => code === value);
    return choice && !isHarmless ? [choice.title] : [];
  });
}
