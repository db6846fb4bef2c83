import { api, take, type Page, type Schema } from "@/api/client";
import { send, withQuery } from "@/api/transport";
import type { Lookup } from "@/components/filters";
import type { ListQuery } from "@/composables/list";
import { AUDIT_ACTIONS, valueWord } from "@/texts/audit";

type Values = Record<string, unknown>;

/** One act, as the server tells it. */
interface AuditRecord {
  number: number;
  at: string;
  staff: { id: number; name: string } | null;
  roles: string[];
  organization: Schema<"OrganizationBrief"> | null;
  action: string;
  object_type: string;
  object_id: string;
  object_label: string;
  before: Values | null;
  after: Values | null;
  address: string;
  request_id: string;
}

/** A row of the list; the number of a record is what tells it from the others. */
export type AuditRow = AuditRecord & { id: number };

export async function searchRecords(query: ListQuery): Promise<Page<AuditRow>> {
  const page = await read<Page<AuditRecord>>("/api/v1/staff/audit", query);
  const items = page.items.map((record) => ({ ...record, id: record.number }));
  return { ...page, items };
}

/** The actions and types of objects that occur. */
export async function readKnown(): Promise<{ actions: string[]; object_types: string[] }> {
  return read("/api/v1/staff/audit/actions");
}

async function read<Answer>(path: string, query: ListQuery = {}): Promise<Answer> {
  const response = await send(new Request(withQuery(path, query)));
  return response.json() as Promise<Answer>;
}

export const people: Lookup = {
  async find(q) {
    const query = { q: q || undefined, limit: 20 };
    const { items } = await take(api.GET("/api/v1/staff/accounts", { params: { query } }));
    return items.map(({ id, name, organization }) => ({
      value: String(id),
      label: `${name}（${organization.name}）`,
    }));
  },
  async nameOf(id) {
    const params = { path: { account_id: Number(id) } };
    const { name } = await take(api.GET("/api/v1/staff/accounts/{account_id}", { params }));
    return name;
  },
};

export function actorOf(record: AuditRecord): string {
  return record.staff?.name ?? "系统";
}

/** What was done, as the rest of a sentence that begins with who did it. */
export function deedOf(record: AuditRecord): string {
  const words = AUDIT_ACTIONS[record.action];
  const object = `“${record.object_label}”`;
  if (!words) return `对${object}做了别的操作`;
  const values: Values = { ...record.before, ...record.after };
  const deed = words.sentence.replace(/\{(\w+)\}/g, (_, name: string) =>
    name === "object" ? object : valueWord(name, values[name]),
  );
  const reason = values["reason"];
  return typeof reason === "string" && reason ? `${deed}，原因：${reason}` : deed;
}

/** Where in the console the object can be seen, if it still can. */
export function linkTo(record: AuditRecord): string | null {
  const { action, object_type, object_id } = record;
  if (action.endsWith(".deleted")) return null;
  if (object_type === "organization") return `/organizations?open=${object_id}`;
  if (object_type === "staff") return `/staff/${object_id}`;
  return object_type === "campaign" ? `/campaigns/${object_id}` : null;
}

export interface Change {
  field: string;
  before: unknown;
  after: unknown;
}

export function changesOf(record: AuditRecord): Change[] {
  const { before, after } = record;
  const fields = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...fields].map((field) => ({
    field,
    before: before?.[field],
    after: after?.[field],
  }));
}
