import { api, ifMatch, take, type Page, type Schema } from "@/api/client";
import type { ListQuery } from "@/composables/list";
import { session } from "@/session/session";
import type { Level, Medium } from "@/texts/publicity";

export type PublicityRecord = Schema<"PublicityView">;
export type Picture = PublicityRecord["pictures"][number];
export type Figures = Schema<"FiguresView">;
export type Summary = Schema<"SummaryView">;
export type Organization = Schema<"OrganizationBrief">;

const RECORDS = "/api/v1/staff/publicity";
const RECORD = "/api/v1/staff/publicity/{record_id}";
export const MOST_PICTURES = 9;

/** What is typed about an appearance in the media. */
export interface PublicityValues {
  organization_id: number | null;
  title: string;
  medium: Medium | "";
  outlet: string;
  level: Level | "";
  appeared_on: string;
  person_name: string;
  url: string;
  pictures: Picture[];
}

export function listRecords(query: ListQuery): Promise<Page<PublicityRecord>> {
  return take(api.GET(RECORDS, { params: { query } }));
}

export function readRecord(id: number): Promise<PublicityRecord> {
  return take(api.GET(RECORD, { params: { path: { record_id: id } } }));
}

export function readFigures(quarter: string, organizationId: number | null): Promise<Figures> {
  const query = {
    quarter,
    ...(organizationId === null ? {} : { organization_id: organizationId }),
  };
  return take(api.GET("/api/v1/staff/publicity/figures", { params: { query } }));
}

export function readSummary(
  quarter: string,
  organizationId: number,
  personName: string,
): Promise<Summary> {
  const query = { quarter, organization_id: organizationId, person_name: personName || undefined };
  return take(api.GET("/api/v1/staff/publicity/summary", { params: { query } }));
}

/** Records a new appearance, or changes one that is not confirmed. */
export function save(
  values: PublicityValues,
  record: PublicityRecord | null,
): Promise<PublicityRecord> {
  const { organization_id, medium, level } = values;
  if (medium === "" || level === "") throw new TypeError("checked before");
  const body = {
    title: values.title.trim(),
    medium,
    outlet: values.outlet.trim(),
    level,
    appeared_on: values.appeared_on,
    person_name: values.person_name.trim() || null,
    url: values.url.trim() || null,
    picture_ids: values.pictures.map(({ id }) => id),
  };
  if (record) return take(api.PATCH(RECORD, { params: paramsOf(record), body }));
  if (organization_id === null) throw new TypeError("checked before");
  return take(api.POST(RECORDS, { body: { ...body, organization_id } }));
}

export function confirm(record: PublicityRecord): Promise<PublicityRecord> {
  const path = "/api/v1/staff/publicity/{record_id}/confirm";
  return take(api.POST(path, { params: paramsOf(record) }));
}

export function giveBack(record: PublicityRecord, reason: string): Promise<PublicityRecord> {
  const path = "/api/v1/staff/publicity/{record_id}/return";
  return take(api.POST(path, { params: paramsOf(record), body: { reason } }));
}

export async function remove(record: PublicityRecord): Promise<void> {
  await api.DELETE(RECORD, { params: paramsOf(record) });
}

function paramsOf({ id, revision }: PublicityRecord) {
  return { path: { record_id: id }, header: ifMatch(revision) };
}

/** The institutions on whose behalf this person records. */
export function ownInstitutions(): Organization[] {
  const roles = new Set<string>(["institution_staff", "institution_manager"]);
  const held = (session.value?.grants ?? []).filter(({ role }) => roles.has(role));
  return [...new Map(held.map(({ organization }) => [organization.id, organization])).values()];
}

export function valuesOf(record: PublicityRecord | null): PublicityValues {
  return {
    organization_id: record?.organization.id ?? ownInstitutions()[0]?.id ?? null,
    title: record?.title ?? "",
    medium: record?.medium ?? "",
    outlet: record?.outlet ?? "",
    level: record?.level ?? "",
    appeared_on: record?.appeared_on ?? "",
    person_name: record?.person_name ?? "",
    url: record?.url ?? "",
    pictures: record?.pictures ?? [],
  };
}

export function complaints(values: PublicityValues, hasVideo = false) {
  const hasProof = values.url.trim() !== "" || values.pictures.length > 0 || hasVideo;
  return {
    organization_id: values.organization_id === null && "请选择机构。",
    title: !values.title.trim() && "请填写标题。",
    medium: values.medium === "" && "请选择媒体类型。",
    outlet: !values.outlet.trim() && "请填写媒体名称。",
    level: values.level === "" && "请选择级别。",
    appeared_on: values.appeared_on === "" && "请选择刊播日期。",
    url: !hasProof && "请填链接或上传截图，至少要有一样。",
  };
}
