import { api, take, type Schema } from "@/api/client";
import type { OrganizationKind } from "@/components/organizations";
import { may, session } from "@/session/session";
import type { Account, Role } from "./requests";

export type RoleTable = Schema<"RoleTable">;
export type Duty = Account["duty"];

export interface Place {
  id: number;
  kind: OrganizationKind;
}

let reading: Promise<RoleTable> | undefined;

/** The table of permissions; it changes only with the server's code. */
export async function readRoles(): Promise<RoleTable> {
  reading ??= take(api.GET("/api/v1/staff/roles"));
  try {
    return await reading;
  } catch (error) {
    reading = undefined;
    throw error;
  }
}

/** Accounts of administrators are for system administrators alone. */
export function managesAdministrators(): boolean {
  return session.value?.grants.some(({ role }) => role === "system_administrator") ?? false;
}

export function mayManage(account: Account): boolean {
  return may("manage_staff") && (account.duty === "business" || managesAdministrators());
}

/**
 * The roles that the one signed in may grant at this place to somebody of this duty. As the server
 * has it: each of one's own roles names those it may grant, at the place it is held and below.
 */
export async function findGrantableRoles(place: Place, duty: Duty): Promise<Role[]> {
  const { roles } = await readRoles();
  const table = new Map(roles.map((role) => [role.code, role]));
  const granting = (session.value?.grants ?? []).filter(
    ({ role }) => table.get(role)?.grants.length,
  );
  const above = await placesAbove(
    place,
    granting.map(({ organization }) => organization.id),
  );
  const granted = granting
    .filter(({ organization }) => above.includes(organization.id))
    .flatMap(({ role }) => table.get(role)?.grants ?? []);
  return roles
    .filter(({ code }) => granted.includes(code))
    .filter(({ held_at }) => held_at.includes(place.kind))
    .filter((role) => role.duty === duty)
    .map(({ code }) => code as Role);
}

/** Whether the one signed in may grant, anywhere, a role that fits this duty. */
export async function grantsFor(duty: Duty): Promise<boolean> {
  const { roles } = await readRoles();
  const own = (session.value?.grants ?? []).map(({ role }) => role as string);
  const granted = roles.filter(({ code }) => own.includes(code)).flatMap(({ grants }) => grants);
  return roles.some((role) => role.duty === duty && granted.includes(role.code));
}

/**
 * Which of these places are above. Everything one can choose is below the only place one has a role
 * at, so its path has to be read only where there are more.
 */
async function placesAbove(place: Place, candidates: number[]): Promise<number[]> {
  const [first] = candidates;
  if (candidates.every((each) => each === first)) return candidates;
  const params = { path: { organization_id: place.id } };
  const { path } = await take(api.GET("/api/v1/staff/organizations/{organization_id}", { params }));
  return path.map(({ id }) => id);
}
