import { api, ifMatch, take, type Schema } from "@/api/client";
import type { Organization } from "./rules";

const ONE = "/api/v1/staff/organizations/{organization_id}";

function paramsOf(id: number) {
  return { path: { organization_id: id } };
}

export async function readDetail(id: number): Promise<Organization> {
  return take(api.GET(ONE, { params: paramsOf(id) }));
}

export async function create(body: Schema<"OrganizationBody">): Promise<Organization> {
  return take(api.POST("/api/v1/staff/organizations", { body }));
}

export async function edit(
  { id, revision }: Organization,
  body: Schema<"OrganizationEditBody">,
): Promise<Organization> {
  const params = { ...paramsOf(id), header: ifMatch(revision) };
  return take(api.PATCH(ONE, { params, body }));
}

export async function move(
  { id, revision }: Organization,
  parentId: number,
): Promise<Organization> {
  const params = { ...paramsOf(id), header: ifMatch(revision) };
  return take(api.POST(`${ONE}/move`, { params, body: { parent_id: parentId } }));
}

export async function previewClosing(id: number): Promise<Schema<"ClosingView">> {
  return take(api.GET(`${ONE}/closing`, { params: paramsOf(id) }));
}

export async function close({ id, revision }: Organization, reason: string): Promise<void> {
  const params = { ...paramsOf(id), header: ifMatch(revision) };
  await api.POST(`${ONE}/close`, { params, body: { reason } });
}
