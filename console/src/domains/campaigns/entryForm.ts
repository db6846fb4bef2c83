import type { Schema } from "@/api/client";
import type { Entry } from "./campaigns";

/** What is typed about an entry. */
export interface EntryValues {
  number: number | undefined;
  name: string;
  name_mn: string;
  organization_id: number | null;
  statement: string;
  statement_mn: string;
  portrait_id: number | null;
}

export function valuesOf(entry: Entry | null): EntryValues {
  return {
    number: entry?.number,
    name: entry?.name ?? "",
    name_mn: entry?.name_mn ?? "",
    organization_id: entry?.organization?.id ?? null,
    statement: entry?.statement ?? "",
    statement_mn: entry?.statement_mn ?? "",
    portrait_id: entry?.portrait_id ?? null,
  };
}

/** How it is presented: what may be mended while people vote. */
export function presentationOf(values: EntryValues): Schema<"EntryEditBody"> {
  return {
    name_mn: values.name_mn.trim() || null,
    statement: values.statement,
    statement_mn: values.statement_mn.trim() || null,
    portrait_id: values.portrait_id,
  };
}

export function bodyOf(values: EntryValues): Schema<"EntryBody"> {
  const { number, name, organization_id } = values;
  const numbered = number ? { number } : {};
  return { ...presentationOf(values), ...numbered, name: name.trim(), organization_id };
}

export function checkEntry(values: EntryValues): Record<string, string | false> {
  return { name: !values.name.trim() && "请填写名称。" };
}

export const PLACES = {
  entry_number_taken: "number",
  entry_organization_unsuitable: "organization_id",
  file_not_found: "portrait_id",
};

/** A picture's number says nothing to anybody. */
export function describe(name: string, value: unknown): string | undefined {
  if (name === "portrait_id") return value === null ? "没有照片" : "有照片";
  if (name === "organization_id") return value === null ? "没有选机构" : "另一个机构";
  return undefined;
}
