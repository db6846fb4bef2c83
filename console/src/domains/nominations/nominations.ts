import { api, take, type Schema } from "@/api/client";
import { session } from "@/session/session";

export type Call = Schema<"OwnCallView">;
export type Nomination = Schema<"NominationView">;
export type Organization = Schema<"OrganizationBrief">;

export async function readCalls(): Promise<Call[]> {
  return (await take(api.GET("/api/v1/staff/nomination-calls"))).items;
}

export async function readNomination(id: number): Promise<Nomination> {
  const params = { path: { nomination_id: id } };
  return take(api.GET("/api/v1/staff/nominations/{nomination_id}", { params }));
}

/** The institutions on whose behalf this person nominates. */
export function ownInstitutions(): Organization[] {
  const roles = new Set<string>(["institution_staff", "institution_manager"]);
  const held = (session.value?.grants ?? []).filter(({ role }) => roles.has(role));
  const byId = new Map(held.map(({ organization }) => [organization.id, organization]));
  return [...byId.values()];
}

/** What is typed about a nomination. */
export interface NominationValues {
  organization_id: number | null;
  name: string;
  name_mn: string;
  statement: string;
  statement_mn: string;
  portrait_id: number | null;
}

export function valuesOf(nomination: Nomination | null): NominationValues {
  return {
    organization_id: nomination?.organization.id ?? ownInstitutions()[0]?.id ?? null,
    name: nomination?.name ?? "",
    name_mn: nomination?.name_mn ?? "",
    statement: nomination?.statement ?? "",
    statement_mn: nomination?.statement_mn ?? "",
    portrait_id: nomination?.portrait_id ?? null,
  };
}

export function bodyOf(values: NominationValues) {
  return {
    name: values.name.trim(),
    name_mn: values.name_mn.trim() || null,
    statement: values.statement,
    statement_mn: values.statement_mn.trim() || null,
    portrait_id: values.portrait_id,
  };
}

export function checkNomination(values: NominationValues): Record<string, string | false> {
  return {
    name: !values.name.trim() && "请填写名称。",
    organization_id: values.organization_id === null && "请选择推荐的机构。",
  };
}

/** A picture's number says nothing to anybody. */
export function describe(name: string, value: unknown): string | undefined {
  if (name === "portrait_id") return value === null ? "没有照片" : "有照片";
  return undefined;
}

/** What reviewers will miss; said before it is handed in, never in the way. */
export function gaps(values: NominationValues): string {
  const missing = [values.portrait_id === null && "照片", !values.statement.trim() && "介绍"];
  const named = missing.filter(Boolean);
  return named.length ? `还没有${named.join("和")}，审核时可能会被退回。` : "";
}
