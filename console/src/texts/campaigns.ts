import type { Schema } from "@/api/client";
import { formatMoment } from "./format";
import { CAMPAIGN_STATUSES, statusOf, type Status } from "./status";
import { CheckCircleIcon } from "tdesign-icons-vue-next";

type Campaign = Schema<"StaffCampaignView">;
export type StandingsMode = Campaign["standings_mode"];

/** How much of the standings people see while they vote. */
export const STANDINGS_MODES: Record<StandingsMode, { label: string; note: string }> = {
  live: { label: "实时票数", note: "随时看得到票数和名次，最热闹；也最容易跟风、抢票。" },
  delayed: { label: "定时更新", note: "票数隔一段时间更新一次，减少临近结束时的抢票。" },
  ranks_only: { label: "只看名次", note: "看得到名次，看不到票数，落后的对象不至于难堪。" },
  hidden: { label: "结束后公布", note: "投票期间不公布榜单，结束后才看得到，最不容易跟风。" },
};

export const CAMPAIGN_EVENTS: Record<string, string> = {
  announced: "公布活动",
  retracted: "撤回公布",
  opened: "立即开放",
  extended: "延长投票",
  suspended: "暂停投票",
  resumed: "恢复投票",
  closed: "提前结束",
  result_published: "公布结果",
};

const RESULT_PUBLISHED: Status = {
  label: "结果已公布",
  icon: CheckCircleIcon,
  tone: "primary",
};

/** The state as people speak of it: a closed campaign with its result is more than closed. */
export function campaignStatus(campaign: Pick<Campaign, "status" | "result_published_at">): Status {
  if (campaign.status === "closed" && campaign.result_published_at) return RESULT_PUBLISHED;
  return statusOf(CAMPAIGN_STATUSES, campaign.status);
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `3 天 4 小时`, `2 小时 10 分`, `5 分钟`: as much as one wants to know of a span. */
export function describeSpan(ms: number): string {
  const whole = Math.max(MINUTE_MS, Math.ceil(ms / MINUTE_MS) * MINUTE_MS);
  const days = Math.floor(whole / DAY_MS);
  const hours = Math.floor((whole % DAY_MS) / HOUR_MS);
  const minutes = Math.floor((whole % HOUR_MS) / MINUTE_MS);
  if (days > 0) return hours ? `${days} 天 ${hours} 小时` : `${days} 天`;
  if (hours > 0) return minutes ? `${hours} 小时 ${minutes} 分` : `${hours} 小时`;
  return `${minutes} 分钟`;
}

/** What comes next and when; nothing once it is over or while nothing is announced. */
export function countdown(
  campaign: Pick<Campaign, "status" | "opens_at" | "closes_at">,
  now: number,
): string {
  const { status } = campaign;
  if (status === "scheduled") {
    const left = Date.parse(campaign.opens_at) - now;
    return left > 0 ? `${describeSpan(left)}后开始` : "即将开始";
  }
  if (status !== "open" && status !== "suspended") return "";
  const left = Date.parse(campaign.closes_at) - now;
  return left > 0 ? `还有 ${describeSpan(left)}结束` : "即将结束";
}

interface Rules {
  ballots_per_day: number;
  ballots_per_entry_per_day: number;
  ballots_in_all: number | null;
  phone_required: boolean;
  standings_mode: StandingsMode;
  standings_delay_minutes: number;
  standings_freeze_minutes: number;
  annulments_alone: number;
  nominations_close_at: string | null;
}

/** The rules in sentences, as one would explain them at the counter. */
export function ruleSentences(rules: Rules): string[] {
  return [
    `每人每天 ${rules.ballots_per_day} 票，给同一个对象每天最多 ${rules.ballots_per_entry_per_day} 票。`,
    rules.ballots_in_all === null
      ? "整个活动期间的总票数不限。"
      : `整个活动期间每人一共最多 ${rules.ballots_in_all} 票。`,
    rules.phone_required ? "要先绑定手机号才能投票。" : "不用绑定手机号，微信打开就能投。",
    standingsSentence(rules),
    ...freezeSentences(rules),
    rules.annulments_alone
      ? `一个人一次最多作废 ${rules.annulments_alone} 张待核的选票，更多的要两个人同意。`
      : "作废选票都要两个人同意。",
    rules.nominations_close_at
      ? `医疗机构可以推荐参评对象，${formatMoment(rules.nominations_close_at)} 截止。`
      : "不向医疗机构征集推荐，参评对象由举办方添加。",
  ];
}

/** `结束前 2 小时起`, or that there is none. */
export function describeFreeze(minutes: number): string {
  return minutes ? `结束前 ${describeSpan(minutes * MINUTE_MS)}起` : "不封榜";
}

function freezeSentences({ standings_mode: mode, standings_freeze_minutes: minutes }: Rules) {
  if (!minutes || mode === "hidden") return [];
  return [`${describeFreeze(minutes)}封榜，榜单停在那一刻，照常投票，结束后公开。`];
}

function standingsSentence({
  standings_mode: mode,
  standings_delay_minutes: delay,
}: Rules): string {
  if (mode === "delayed") return `榜单每 ${describeSpan(delay * MINUTE_MS)}更新一次。`;
  const sentences = {
    live: "榜单实时显示票数和名次。",
    ranks_only: "榜单只显示名次，不显示票数。",
    hidden: "投票期间不公布榜单，结束后才看得到。",
  };
  return sentences[mode];
}
