import { api, ifMatch, take, type Page, type Schema } from "@/api/client";
import { Problem } from "@/api/problem";
import type { ListQuery } from "@/composables/list";
import { may } from "@/session/session";

/** What the server says of ballots that were set aside, and what can be asked of it. */

export type Campaign = Schema<"StaffCampaignView">;

export type Screening = Schema<"ScreeningView">;
export type Rules = Screening["settings"];
/** Its weight, and by which figures it is found. */
export type SignalSetting = Rules["signals"][string];
export type RulesChange = Schema<"ScreeningBody">;
export type Group = Schema<"GroupView">;
export type GroupDetail = Schema<"GroupDetailView">;
export type GroupState = Group["state"];
export type SetAsideBallot = Schema<"SetAsideBallotView">;
export type BallotState = SetAsideBallot["state"];
export type Objection = Schema<"StaffObjectionView">;

/** What came of asking for ballots to be annulled: done, or waiting for a second person. */
export interface Outcome {
  proposal_id: number | null;
}

export function mayReview(): boolean {
  return may("review_ballots");
}

export function readScreening(campaignId: number): Promise<Screening> {
  const params = { path: { campaign_id: campaignId } };
  return take(api.GET("/api/v1/staff/campaigns/{campaign_id}/screening", { params }));
}

export function readGroups(campaignId: number, query: ListQuery): Promise<Page<Group>> {
  const params = { path: { campaign_id: campaignId }, query };
  return take(api.GET("/api/v1/staff/campaigns/{campaign_id}/ballot-groups", { params }));
}

export function readGroup(id: number): Promise<GroupDetail> {
  const params = { path: { group_id: id } };
  return take(api.GET("/api/v1/staff/ballot-groups/{group_id}", { params }));
}

export function readBallots(campaignId: number, query: ListQuery): Promise<Page<SetAsideBallot>> {
  const params = { path: { campaign_id: campaignId }, query };
  return take(api.GET("/api/v1/staff/campaigns/{campaign_id}/set-aside-ballots", { params }));
}

export function readObjections(campaignId: number, query: ListQuery): Promise<Page<Objection>> {
  const params = { path: { campaign_id: campaignId }, query };
  return take(api.GET("/api/v1/staff/campaigns/{campaign_id}/objections", { params }));
}

export async function answerObjection(id: number, uphold: boolean, answer: string): Promise<void> {
  const params = { path: { objection_id: id } };
  const body = { uphold, answer };
  await api.POST("/api/v1/staff/objections/{objection_id}/answer", { params, body });
}

export async function searchFarms(campaignId: number): Promise<number> {
  const params = { path: { campaign_id: campaignId } };
  const path = "/api/v1/staff/campaigns/{campaign_id}/farm-search";
  return (await take(api.POST(path, { params }))).proposed;
}

export type GroupDecision = "release" | "annul" | "quarantine" | "dismiss";
export type BallotDecision = "release" | "annul";
/** In which ballots can be decided. */
export type DecidableState = Exclude<BallotState, "proposed">;

/** Decides about all ballots of a group as it was shown. */
export function decideGroup(
  group: Group,
  decision: GroupDecision,
  reason: string,
): Promise<Outcome> {
  const params = { path: { group_id: group.id }, header: ifMatch(group.revision) };
  const body = { reason };
  const requests = {
    release: () => api.POST("/api/v1/staff/ballot-groups/{group_id}/release", { params, body }),
    annul: () => api.POST("/api/v1/staff/ballot-groups/{group_id}/annul", { params, body }),
    quarantine: () =>
      api.POST("/api/v1/staff/ballot-groups/{group_id}/quarantine", { params, body }),
    dismiss: () => api.POST("/api/v1/staff/ballot-groups/{group_id}/dismiss", { params, body }),
  };
  return take<Outcome>(requests[decision]());
}

/** Decides about ballots that were all shown in one state; all or none. */
export function decideBallots(
  campaignId: number,
  ballotIds: number[],
  state: DecidableState,
  decision: BallotDecision,
  reason: string,
): Promise<Outcome> {
  const params = { path: { campaign_id: campaignId } };
  const body = { ballot_ids: ballotIds, state, reason };
  const path = "/api/v1/staff/campaigns/{campaign_id}/set-aside-ballots";
  return take<Outcome>(
    decision === "annul"
      ? api.POST(`${path}/annul`, { params, body })
      : api.POST(`${path}/release`, { params, body }),
  );
}

/** Changes the rules of a campaign, or proposes it to a second person once it is open. */
export function changeRules(
  campaignId: number,
  revision: number,
  body: RulesChange,
): Promise<Outcome> {
  const params = { path: { campaign_id: campaignId }, header: ifMatch(revision) };
  return take(api.PATCH("/api/v1/staff/campaigns/{campaign_id}/screening", { params, body }));
}

const OUTDATED = new Set(["edited_meanwhile", "ballots_decided", "objection_answered"]);

/** Whether somebody else was faster, so that what is shown is old. */
export function isOutdated(error: unknown): boolean {
  return error instanceof Problem && OUTDATED.has(error.code);
}

/** The same refusal in words that fit a decision, after the newest has been shown. */
export function asOutdated(error: unknown): unknown {
  if (!(error instanceof Problem) || !isOutdated(error)) return error;
  const detail = "别人刚刚处理过，页面已换成最新的情况。请核对后再决定。";
  return new Problem(error.status, "outdated", detail);
}
