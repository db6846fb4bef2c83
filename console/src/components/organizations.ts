import { api, take, type Schema } from "@/api/client";

export type OrganizationKind = Schema<"OrganizationBrief">["kind"];
export type OrganizationNode = Schema<"TreeNodeView">;

/** One level of the tree; without a parent, the roots this person reaches. */
export async function readLevel(parentId?: number): Promise<OrganizationNode[]> {
  const query = { parent_id: parentId };
  return (await take(api.GET("/api/v1/staff/organizations/tree", { params: { query } }))).items;
}

export async function findOrganizations(
  q: string,
  kinds?: OrganizationKind[],
): Promise<OrganizationNode[]> {
  const kind = kinds?.length === 1 ? kinds[0] : undefined;
  const query = { q, kind, limit: 20, is_closed: false };
  return (await take(api.GET("/api/v1/staff/organizations", { params: { query } }))).items;
}

export async function readOrganization(id: number): Promise<OrganizationNode> {
  const params = { path: { organization_id: id } };
  return take(api.GET("/api/v1/staff/organizations/{organization_id}", { params }));
}
