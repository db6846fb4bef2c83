import { api, ifMatch, take, type Page, type Schema } from "@/api/client";
import { Problem } from "@/api/problem";
import type { ListQuery } from "@/composables/list";
import { may } from "@/session/session";
import type { Permission } from "@/texts/permissions";

/** What the server says of ballots that were set aside, and what can be asked of it. */

export type Campaign = Schema<"StaffCampaignView">;

/** Its weight, and by which figures it is found. */
export type SignalSetting = Record<string, number>;

export interface Rules {
  threshold: number;
  signals: Record<string, SignalSetting>;
}

export interface Screening {
  settings: Rules;
  defaults: Rules;
  counts: {
    cast: number;
    counted: number;
    quarantined: number;
    annulled: number;
    released: number;
  };
  risk_ranks: { asked: number; unavailable_reason: string | null };
  open_groups: number;
  open_objections: number;
  annulments_alone: number;
  revision: number;
}

export type GroupState = "open" | "proposed" | "decided" | "dismissed";

export interface Group {
  id: number;
  origin: string;
  state: GroupState;
  pattern: string;
  entry: { id: number; number: number; name: string } | null;
  ballots: { quarantined: number; released: number; annulled: number; proposed: number };
  signals: Record<string, Record<string, number>>;
  first_cast_at: string | null;
  last_cast_at: string | null;
  created_at: string;
  revision: number;
}

export interface GroupDetail extends Group {
  timeline: { at: string; ballots: number }[];
}

export interface SetAsideBallot {
  ballot_id: number;
  voter: string;
  entry: { id: number; number: number; name: string };
  cast_at: string;
  source: string | null;
  network: string | null;
  device: string | null;
  account_age_hours: number | null;
  phone_bound: boolean;
  risk_rank: number | null;
  risk_refusal: string | null;
  score: number;
  signals: Record<string, number>;
  state: "quarantined" | "released" | "annulled" | "proposed";
  reason: string | null;
  decided_at: string | null;
  decided_by_name: string | null;
  is_objected: boolean;
}

export interface Objection {
  id: number;
  voter: string;
  text: string;
  created_at: string;
  state: "open" | "upheld" | "rejected";
  answer: string | null;
  answered_at: string | null;
  answered_by_name: string | null;
  ballots: SetAsideBallot[];
}

/** What came of asking for ballots to be annulled: done, or waiting for a second person. */
export interface Outcome {
  proposal_id: number | null;
}

// Until the server's description has these paths.
interface Untyped {
  GET: <Answer>(path: string, given: object) => Promise<{ data?: Answer }>;
  POST: <Answer>(path: string, given: object) => Promise<{ data?: Answer }>;
  PATCH: <Answer>(path: string, given: object) => Promise<{ data?: Answer }>;
}
const untyped = api as unknown as Untyped;

export function mayReview(): boolean {
  return may("review_ballots" as Permission);
}

export function readScreening(campaignId: number): Promise<Screening> {
  const params = { path: { campaign_id: campaignId } };
  return take(
    untyped.GET<Screening>("/api/v1/staff/campaigns/{campaign_id}/screening", { params }),
  );
}

export function readGroups(campaignId: number, query: ListQuery): Promise<Page<Group>> {
  const params = { path: { campaign_id: campaignId }, query };
  return take(untyped.GET("/api/v1/staff/campaigns/{campaign_id}/ballot-groups", { params }));
}

export function readGroup(id: number): Promise<GroupDetail> {
  return take(
    untyped.GET("/api/v1/staff/ballot-groups/{group_id}", { params: { path: { group_id: id } } }),
  );
}

export function readBallots(campaignId: number, query: ListQuery): Promise<Page<SetAsideBallot>> {
  const params = { path: { campaign_id: campaignId }, query };
  return take(untyped.GET("/api/v1/staff/campaigns/{campaign_id}/set-aside-ballots", { params }));
}

export function readObjections(campaignId: number, query: ListQuery): Promise<Page<Objection>> {
  const params = { path: { campaign_id: campaignId }, query };
  return take(untyped.GET("/api/v1/staff/campaigns/{campaign_id}/objections", { params }));
}

export async function answerObjection(id: number, uphold: boolean, answer: string): Promise<void> {
  const params = { path: { objection_id: id } };
  const body = { uphold, answer };
  await untyped.POST("/api/v1/staff/objections/{objection_id}/answer", { params, body });
}

export async function searchFarms(campaignId: number): Promise<number> {
  const params = { path: { campaign_id: campaignId } };
  const path = "/api/v1/staff/campaigns/{campaign_id}/farm-search";
  return (await take(untyped.POST<{ proposed: number }>(path, { params }))).proposed;
}

export type GroupDecision = "release" | "annul" | "quarantine" | "dismiss";
export type BallotDecision = "release" | "annul";

/** Decides about all ballots of a group as it was shown. */
export async function decideGroup(
  group: Group,
  decision: GroupDecision,
  reason: string,
): Promise<Outcome> {
  const params = { path: { group_id: group.id }, header: ifMatch(group.revision) };
  const path = `/api/v1/staff/ballot-groups/{group_id}/${decision}`;
  return outcomeOf(await take(untyped.POST<Partial<Outcome>>(path, { params, body: { reason } })));
}

/** Decides about ballots that were all shown in one state; all or none. */
export async function decideBallots(
  campaignId: number,
  ballotIds: number[],
  state: string,
  decision: BallotDecision,
  reason: string,
): Promise<Outcome> {
  const params = { path: { campaign_id: campaignId } };
  const path = `/api/v1/staff/campaigns/{campaign_id}/set-aside-ballots/${decision}`;
  const body = { ballot_ids: ballotIds, state, reason };
  return outcomeOf(await take(untyped.POST<Partial<Outcome>>(path, { params, body })));
}

function outcomeOf(answer: Partial<Outcome>): Outcome {
  return { proposal_id: answer.proposal_id ?? null };
}

export interface RulesChange {
  threshold?: number;
  signals?: Record<string, SignalSetting>;
  annulments_alone?: number;
  reason?: string;
}

/** Changes the rules of a campaign, or proposes it to a second person once it is open. */
export async function changeRules(
  campaignId: number,
  revision: number,
  body: RulesChange,
): Promise<Outcome> {
  const params = { path: { campaign_id: campaignId }, header: ifMatch(revision) };
  const path = "/api/v1/staff/campaigns/{campaign_id}/screening";
  return outcomeOf(await take(untyped.PATCH<Partial<Outcome>>(path, { params, body })));
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
