import { api, take, type Schema } from "@/api/client";
import { may } from "@/session/session";
import { describeSpan } from "@/texts/campaigns";
import { WORK } from "@/texts/dashboard";

export type Dashboard = Schema<"DashboardView">;
export type Quarter = NonNullable<Dashboard["quarter"]>;
export type SoonCampaign = Dashboard["closing_soon"][number];
export type Call = Schema<"OwnCallView">;

export interface Home {
  dashboard: Dashboard;
  /** What this person's institution may be nominated for. */
  calls: Call[];
}

export async function readHome(): Promise<Home> {
  const [dashboard, calls] = await Promise.all([
    take(api.GET("/api/v1/staff/dashboard")),
    may("nominate") ? take(api.GET("/api/v1/staff/nomination-calls")) : null,
  ]);
  return { dashboard, calls: calls?.items ?? [] };
}

/** One line of what waits. */
export interface Task {
  name: string;
  count: number;
  words: string;
  note: string;
  action: string;
  to: string;
}

export function tasksOf({ dashboard, calls }: Home, now: number): Task[] {
  const tasks = dashboard.waiting.map(({ kind, count, campaign_id: campaignId }) => ({
    ...WORK[kind],
    name: kind,
    count,
    to: WORK[kind].to(campaignId),
  }));
  const [first] = calls;
  if (!first) return tasks;
  const left = Date.parse(first.nominations_close_at) - now;
  const call = {
    name: "calls",
    count: calls.length,
    words: "个评选正在征集推荐",
    note: `${first.title}，还有 ${describeSpan(left)}截止。`,
    action: "去推荐",
    to: "/nominations",
  };
  return [...tasks, call];
}

/** When the next step of a campaign is due, and which. */
export function nextStepOf({ status, opens_at, closes_at }: SoonCampaign, now: number): string {
  const isBefore = status === "draft" || status === "scheduled";
  const left = Date.parse(isBefore ? opens_at : closes_at) - now;
  if (left <= 0) return isBefore ? "已到开始时间" : "即将结束";
  const span = describeSpan(left);
  return isBefore ? `${span}后开始` : `还有 ${span}结束`;
}

const DAY_MS = 86_400_000;

/** Which day of the quarter it is, and how many it has. */
export function progressOf({ starts_on, ends_on }: Quarter, today: string) {
  const days = (from: string, to: string): number =>
    Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
  const all = days(starts_on, ends_on);
  return { day: Math.min(all, Math.max(1, days(starts_on, today))), all };
}
