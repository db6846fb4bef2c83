import type { Schema } from "@/api/client";
import type { OrganizationKind } from "@/components/organizations";

/** What the server will say yes to, told beforehand; it judges all the same. */

export type Organization = Schema<"OrganizationDetail">;
export type PlaceableKind = Schema<"OrganizationBody">["kind"];

const COMMISSIONS: OrganizationKind[] = [
  "region_commission",
  "city_commission",
  "district_commission",
];
const INSTITUTIONS: OrganizationKind[] = [
  "hospital",
  "tcm_clinic",
  "community_station",
  "village_clinic",
];

/** Below what each kind may hang; commissions come with the divisions and are not placed. */
const PARENT_KINDS: Record<PlaceableKind, OrganizationKind[]> = {
  hospital: [...COMMISSIONS, ...INSTITUTIONS],
  tcm_clinic: [...COMMISSIONS, ...INSTITUTIONS],
  community_station: [...COMMISSIONS, ...INSTITUTIONS],
  village_clinic: [...COMMISSIONS, ...INSTITUTIONS],
  school: COMMISSIONS,
  department: [...COMMISSIONS, "department"],
};

/** What may have something below itself. */
export const PARENTS: OrganizationKind[] = [...new Set(Object.values(PARENT_KINDS).flat())];

export function kindsBelow(parent: OrganizationKind): PlaceableKind[] {
  const kinds = Object.keys(PARENT_KINDS) as PlaceableKind[];
  return kinds.filter((kind) => PARENT_KINDS[kind].includes(parent));
}

export function kindsAbove(kind: OrganizationKind): OrganizationKind[] {
  return PARENT_KINDS[kind as PlaceableKind] ?? [];
}

/** Those that treat patients, and so reach a standard or not. */
export function hasStandard(kind: OrganizationKind | ""): boolean {
  return kind !== "" && INSTITUTIONS.includes(kind);
}
