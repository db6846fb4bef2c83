import { parseInert } from "./inert";

/**
 * What an item says while it is written: `{zh, mn, facts, links}` as services/knowledge/kinds.py has
 * it. Fields are known by their place: `zh.cautions`, `facts.source`, `links`.
 */

export type Language = "zh" | "mn";
export type Part = Language | "facts";
export type Values = Record<string, unknown>;

export interface Field {
  name: string;
  title: string;
  form: string;
  is_required: boolean;
  hint: string;
  choices: { code: string; title: string }[] | null;
}

export interface Kind {
  code: string;
  title: string;
  half: Field[];
  facts: Field[];
}

export interface Picture {
  file_id: number;
  url?: string | null;
  thumbnail_url?: string | null;
  caption: string | null;
  caption_mn: string | null;
}

export interface Step {
  text: string | null;
  picture_id: number | null;
  url?: string | null;
  thumbnail_url?: string | null;
}

export interface Component {
  name: string;
  amount: string | null;
  unit: string | null;
  note: string | null;
  item_id: number | null;
  item_title?: string | null;
}

export interface Video {
  file_id: number;
  url?: string | null;
}

export interface Link {
  target: string;
  id: number | null;
  organization_id: number | null;
  name: string | null;
  label?: string | null;
}

export interface Content {
  zh: Values | null;
  mn: Values | null;
  facts: Values;
  links: Link[];
}

export const LANGUAGES: Record<Language, string> = { zh: "中文", mn: "蒙古文" };

/** As the server wants it: without addresses, without empty rows, halves of nothing as null. */
export function bodyOf(kind: Kind, content: Content): Content {
  return {
    zh: halfBody(kind, content.zh),
    mn: halfBody(kind, content.mn),
    facts: bodiesOf(kind.facts, content.facts),
    links: content.links.map(({ target, id, organization_id, name }) => ({
      target,
      id,
      organization_id,
      name,
    })),
  };
}

function halfBody(kind: Kind, values: Values | null): Values | null {
  const body = bodiesOf(kind.half, values ?? {});
  return Object.values(body).some((value) => value !== null) ? body : null;
}

function bodiesOf(fields: Field[], values: Values): Values {
  return Object.fromEntries(fields.map(({ name, form }) => [name, valueBody(form, values[name])]));
}

type Shape = (value: never) => unknown;

const SHAPES: Record<string, Shape> = {
  lines: (value: string[]) => filled(value.map((line) => line.trim()).filter(Boolean)),
  steps: (value: Step[]) =>
    filled(
      value
        .filter(({ text, picture_id }) => text?.trim() || picture_id)
        .map(({ text, picture_id }) => ({ text, picture_id })),
    ),
  pictures: (value: Picture[]) =>
    filled(
      value.map(({ file_id, caption, caption_mn }) => ({
        file_id,
        caption: caption || null,
        caption_mn: caption_mn || null,
      })),
    ),
  video: ({ file_id }: Video) => ({ file_id }),
  composition: (value: Component[]) =>
    filled(
      value
        .filter(({ name, amount, item_id }) => name.trim() || amount?.trim() || item_id)
        .map(({ name, amount, unit, note, item_id }) => ({
          name,
          amount: amount || null,
          unit: unit || null,
          note: note || null,
          item_id,
        })),
    ),
  topics: (value: number[]) => filled(value),
};

function valueBody(form: string, value: unknown): unknown {
  if (value === null || value === undefined || value === "") return null;
  if (typeof value === "string" && !value.trim()) return null;
  const shape = SHAPES[form];
  return shape ? shape(value as never) : value;
}

function filled<Row>(rows: Row[]): Row[] | null {
  return rows.length ? rows : null;
}

/** A copy to write in: every field is there, rows without their nulls. */
export function editable(kind: Kind, content: Content): Content {
  const copied = structuredClone(content);
  const half = Object.fromEntries(kind.half.map(({ name }) => [name, null]));
  const facts = Object.fromEntries(kind.facts.map(({ name }) => [name, null]));
  return {
    zh: { ...half, ...copied.zh },
    mn: { ...half, ...copied.mn },
    facts: { ...facts, ...copied.facts },
    links: copied.links ?? [],
  };
}

export interface Place {
  place: string;
  part: Part | "links";
  field: Field;
  title: string;
}

const LINKS: Field = {
  name: "links",
  title: "关联内容",
  form: "links",
  is_required: false,
  hint: "",
  choices: null,
};

/** All places of a kind in the order in which they are written, with what staff call them. */
export function placesOf(kind: Kind): Place[] {
  const halves = (["zh", "mn"] as const).flatMap((part) =>
    kind.half.map((field) => placeOf(part, field)),
  );
  const facts = kind.facts.map((field) => placeOf("facts", field));
  return [...halves, ...facts, { place: "links", part: "links", field: LINKS, title: LINKS.title }];
}

function placeOf(part: Part, field: Field): Place {
  const title = part === "facts" ? field.title : `${field.title}（${LANGUAGES[part]}）`;
  return { place: `${part}.${field.name}`, part, field, title };
}

export function valueAt(content: Content, place: string): unknown {
  if (place === "links") return content.links.length ? content.links : null;
  const [part, name] = split(place);
  return content[part]?.[name] ?? null;
}

function put(content: Content, place: string, value: unknown): void {
  if (place === "links") {
    content.links = (value as Link[] | null) ?? [];
    return;
  }
  const [part, name] = split(place);
  content[part] = { ...content[part], [name]: value };
}

function split(place: string): [Part, string] {
  const [part = "zh", name = ""] = place.split(".");
  return [part as Part, name];
}

/** Where two contents say different things; HTML that reads the same is the same. */
export function differences(kind: Kind, one: Content, other: Content): Place[] {
  const [first, second] = [bodyOf(kind, one), bodyOf(kind, other)];
  return placesOf(kind).filter(({ place, field }) => !isSame(field, first, second, place));
}

function isSame(field: Field, one: Content, other: Content, place: string): boolean {
  return comparable(field, valueAt(one, place)) === comparable(field, valueAt(other, place));
}

function comparable(field: Field, value: unknown): string {
  if (field.form === "rich") return canonicalHtml(typeof value === "string" ? value : "");
  if (typeof value === "string") return JSON.stringify(value.trim());
  return JSON.stringify(value, (name, part: unknown) =>
    name.endsWith("url") || part === null ? undefined : part,
  );
}

/** One spelling of HTML, whoever wrote it down. */
function canonicalHtml(html: string): string {
  const body = parseInert(html);
  for (const element of body.querySelectorAll("*")) {
    for (const name of ["rel", "target", "width", "height"]) element.removeAttribute(name);
  }
  return body.innerHTML.replace(/>\s+</g, "><").trim();
}

export interface Merged {
  content: Content;
  /** Both have changed these, and not to the same. What is in `content` there is mine. */
  disputed: Place[];
}

/** What I have not changed since `base` follows theirs; only the rest is in dispute. */
export function merge(kind: Kind, base: Content, mine: Content, theirs: Content): Merged {
  const changedByMe = new Set(differences(kind, base, mine).map(({ place }) => place));
  const changedByThem = new Set(differences(kind, base, theirs).map(({ place }) => place));
  const content = structuredClone(mine);
  const disputed: Place[] = [];
  for (const place of differences(kind, mine, theirs)) {
    if (!changedByMe.has(place.place)) put(content, place.place, valueAt(theirs, place.place));
    else if (changedByThem.has(place.place)) disputed.push(place);
  }
  return { content, disputed };
}

/** A value as a line of text, for those who choose between two. */
export function wordsOf(field: Field, value: unknown): string {
  if (value === null || value === undefined || value === "") return "（空）";
  if (field.form === "rich") return textOf(String(value)) || "（只有图片）";
  if (field.form === "choice") {
    return field.choices?.find(({ code }) => code === value)?.title ?? String(value);
  }
  if (Array.isArray(value)) return rowsOf(field, value);
  if (typeof value === "boolean") return value ? "是" : "否";
  return typeof value === "object" ? "1 个视频" : String(value);
}

function rowsOf(field: Field, rows: unknown[]): string {
  if (field.form === "lines") return rows.join("、");
  if (field.form === "steps") return (rows as Step[]).map(({ text }) => text).join("；");
  if (field.form === "composition") {
    return (rows as Component[]).map(({ name, amount }) => `${name}${amount ?? ""}`).join("、");
  }
  return `${rows.length} 项`;
}

export function textOf(html: string): string {
  const body = parseInert(html);
  for (const block of body.querySelectorAll("p, li, h2, h3, h4, td, th, br")) block.append(" ");
  return (body.textContent ?? "").replace(/\s+/g, " ").trim();
}
