import { api, take, type Schema } from "@/api/client";
import type { ListQuery } from "@/composables/list";

export type Report = Schema<"StaffReportView">;
export type Comment = Schema<"StaffCommentView">;
export type Contribution = Schema<"StaffContributionView">;
export type ReportVerdict = "corrected" | "declined";

export function readReports(query: ListQuery) {
  return take(api.GET("/api/v1/staff/knowledge/reports", { params: { query } }));
}

export async function answerReport(
  id: number,
  state: ReportVerdict,
  answer: string,
): Promise<void> {
  const params = { path: { report_id: id } };
  const body = { state, answer };
  await api.POST("/api/v1/staff/knowledge/reports/{report_id}/answer", { params, body });
}

export function readComments(query: ListQuery) {
  return take(api.GET("/api/v1/staff/knowledge/comments", { params: { query } }));
}

export async function showComment(id: number): Promise<void> {
  const params = { path: { comment_id: id } };
  await api.POST("/api/v1/staff/knowledge/comments/{comment_id}/show", { params });
}

export async function rejectComment(id: number, reason: string): Promise<void> {
  const params = { path: { comment_id: id } };
  const body = { reason };
  await api.POST("/api/v1/staff/knowledge/comments/{comment_id}/reject", { params, body });
}

export function readContributions(query: ListQuery) {
  return take(api.GET("/api/v1/staff/knowledge/contributions", { params: { query } }));
}

export function readContribution(id: number) {
  const params = { path: { contribution_id: id } };
  return take(api.GET("/api/v1/staff/knowledge/contributions/{contribution_id}", { params }));
}

/** Makes it a draft of an institution's and gives the draft's id. */
export async function acceptContribution(id: number, organizationId: number): Promise<number> {
  const params = { path: { contribution_id: id } };
  const body = { organization_id: organizationId };
  const path = "/api/v1/staff/knowledge/contributions/{contribution_id}/accept";
  const accepted = await take(api.POST(path, { params, body }));
  return accepted.item_id ?? 0;
}

export async function declineContribution(id: number, answer: string): Promise<void> {
  const params = { path: { contribution_id: id } };
  const path = "/api/v1/staff/knowledge/contributions/{contribution_id}/decline";
  await api.POST(path, { params, body: { answer } });
}
