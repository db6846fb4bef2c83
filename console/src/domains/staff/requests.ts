import { api, ifMatch, take, type Schema } from "@/api/client";

export type Account = Schema<"AccountView">;
export type Invitation = Schema<"NewInvitationView">;
export type Role = Schema<"GrantView">["role"];

const ONE = "/api/v1/staff/accounts/{account_id}";

function paramsOf(id: number) {
  return { path: { account_id: id } };
}

export async function readAccount(id: number): Promise<Account> {
  return take(api.GET(ONE, { params: paramsOf(id) }));
}

export async function invite(body: Schema<"AccountBody">): Promise<Invitation> {
  return take(api.POST("/api/v1/staff/accounts", { body }));
}

export async function editAccount(
  { id, revision }: Account,
  body: Schema<"AccountEditBody">,
): Promise<Account> {
  const params = { ...paramsOf(id), header: ifMatch(revision) };
  return take(api.PATCH(ONE, { params, body }));
}

export async function renewInvitation(id: number): Promise<Invitation> {
  return take(api.POST(`${ONE}/invitation`, { params: paramsOf(id) }));
}

export async function disable(id: number, reason: string): Promise<Account> {
  return take(api.POST(`${ONE}/disable`, { params: paramsOf(id), body: { reason } }));
}

export async function enable(id: number): Promise<Account> {
  return take(api.POST(`${ONE}/enable`, { params: paramsOf(id) }));
}

export async function unlock(id: number): Promise<Account> {
  return take(api.POST(`${ONE}/unlock`, { params: paramsOf(id) }));
}

export async function resetTotp(id: number): Promise<Account> {
  return take(api.POST(`${ONE}/reset-totp`, { params: paramsOf(id) }));
}

export async function grant(id: number, body: Schema<"GrantBody">): Promise<Account> {
  return take(api.POST(`${ONE}/grants`, { params: paramsOf(id), body }));
}

export async function endGrant(id: number, grantId: number): Promise<Account> {
  const params = { path: { account_id: id, grant_id: grantId } };
  return take(api.DELETE(`${ONE}/grants/{grant_id}`, { params }));
}
