import { fromWallClock, toWallClock } from "@/texts/moments";
import { formatMoment, formatQuarter } from "@/texts/format";
import { quarterOf } from "@/texts/quarters";
import {
  describeFreeze,
  describeSpan,
  STANDINGS_MODES,
  type StandingsMode,
} from "@/texts/campaigns";
import type { Schema } from "@/api/client";
import type { Campaign, Contest } from "./campaigns";

/** What is typed about a campaign, and what can be said about it without asking the server. */
export interface CampaignValues {
  organization_id: number | null;
  contest_code: string;
  quarter: string;
  title: string;
  title_mn: string;
  introduction: string;
  introduction_mn: string;
  opens_at: string | null;
  closes_at: string | null;
  ballots_per_day: number | undefined;
  ballots_per_entry_per_day: number | undefined;
  ballots_in_all: number | undefined;
  phone_required: boolean;
  standings_mode: StandingsMode;
  standings_delay_minutes: number;
  standings_freeze_minutes: number;
  annulments_alone: number | undefined;
  nominations_close_at: string | null;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
export const DEFAULT_DAYS = 14;

/** That many days from now, at that hour of Asia/Shanghai. */
export function momentInDays(days: number, hour: string, from = Date.now()): string | null {
  const day = toWallClock(new Date(from + days * DAY_MS).toISOString()).slice(0, 10);
  return fromWallClock(`${day} ${hour}`);
}

/** Opens tomorrow morning and closes in the evening of the last day. */
export function newCampaign(organizationId: number | null): CampaignValues {
  return {
    organization_id: organizationId,
    contest_code: "",
    quarter: quarterOf(new Date()),
    title: "",
    title_mn: "",
    introduction: "",
    introduction_mn: "",
    opens_at: momentInDays(1, "08:00"),
    closes_at: momentInDays(DEFAULT_DAYS, "20:00"),
    ballots_per_day: 3,
    ballots_per_entry_per_day: 1,
    ballots_in_all: undefined,
    phone_required: false,
    standings_mode: "live",
    standings_delay_minutes: 60,
    standings_freeze_minutes: 0,
    annulments_alone: 20,
    nominations_close_at: null,
  };
}

export function valuesOf(campaign: Campaign): CampaignValues {
  return {
    organization_id: campaign.organization.id,
    contest_code: campaign.contest.code,
    quarter: campaign.quarter,
    title: campaign.title,
    title_mn: campaign.title_mn ?? "",
    introduction: campaign.introduction,
    introduction_mn: campaign.introduction_mn ?? "",
    opens_at: asTyped(campaign.opens_at),
    closes_at: asTyped(campaign.closes_at),
    ballots_per_day: campaign.ballots_per_day,
    ballots_per_entry_per_day: campaign.ballots_per_entry_per_day,
    ballots_in_all: campaign.ballots_in_all ?? undefined,
    phone_required: campaign.phone_required,
    standings_mode: campaign.standings_mode,
    standings_delay_minutes: campaign.standings_delay_minutes,
    standings_freeze_minutes: campaign.standings_freeze_minutes,
    annulments_alone: campaign.annulments_alone,
    nominations_close_at: asTyped(campaign.nominations_close_at),
  };
}

function asTyped(moment: string | null): string | null {
  return fromWallClock(toWallClock(moment));
}

export function textsOf(values: CampaignValues): Schema<"CampaignEditBody"> {
  return {
    title_mn: values.title_mn.trim() || null,
    introduction: values.introduction,
    introduction_mn: values.introduction_mn.trim() || null,
  };
}

/** The rules as the server takes them, after `checkCampaign` found nothing missing. */
export function bodyOf(values: CampaignValues): Omit<Schema<"CampaignBody">, "organization_id"> {
  return {
    ...textsOf(values),
    introduction: values.introduction,
    contest_code: values.contest_code,
    quarter: values.quarter,
    title: values.title.trim(),
    opens_at: values.opens_at ?? "",
    closes_at: values.closes_at ?? "",
    ballots_per_day: values.ballots_per_day ?? 0,
    ballots_per_entry_per_day: values.ballots_per_entry_per_day ?? 0,
    ballots_in_all: values.ballots_in_all ?? null,
    phone_required: values.phone_required,
    standings_mode: values.standings_mode,
    standings_delay_minutes: values.standings_delay_minutes,
    standings_freeze_minutes: freezeOf(values),
    annulments_alone: values.annulments_alone ?? 0,
    nominations_close_at: values.nominations_close_at,
  };
}

export function checkCampaign(values: CampaignValues): Record<string, string | false> {
  const { opens_at, closes_at, nominations_close_at: calls_until } = values;
  const { ballots_per_day: day, ballots_per_entry_per_day: entry, ballots_in_all: all } = values;
  return {
    contest_code: !values.contest_code && "请选择一项比赛。",
    organization_id: values.organization_id === null && "请选择举办方。",
    // Without a contest there is no suggestion yet, and one complaint is enough.
    title: values.contest_code !== "" && !values.title.trim() && "请填写活动名称。",
    opens_at: !opens_at && "请选择开始时间。",
    closes_at: checkEnd(opens_at, closes_at),
    ballots_per_day: !day && "请填写每人每天几票，至少 1 票。",
    ballots_per_entry_per_day: checkPerEntry(entry, day),
    ballots_in_all:
      all !== undefined && day !== undefined && all < day && `总票数不能少于每天的 ${day} 票。`,
    standings_freeze_minutes: checkFreeze(values),
    annulments_alone:
      values.annulments_alone === undefined && "请填写票数，0 就是每一票都要两个人。",
    nominations_close_at: isAfter(calls_until, opens_at) && "推荐截止时间不能晚于投票开始时间。",
  };
}

function checkPerEntry(entry: number | undefined, day: number | undefined): string | false {
  if (!entry) return "请填写给同一对象每天几票，至少 1 票。";
  return day !== undefined && entry > day && `不能多于每人每天的 ${day} 票。`;
}

/** What is not shown at all cannot stand still. */
function freezeOf({ standings_mode, standings_freeze_minutes }: CampaignValues): number {
  return standings_mode === "hidden" ? 0 : standings_freeze_minutes;
}

function checkFreeze(values: CampaignValues): string | false {
  const { opens_at: opens, closes_at: closes } = values;
  if (!opens || !closes || !isAfter(closes, opens)) return false;
  const isTooLong = freezeOf(values) * MINUTE_MS >= Date.parse(closes) - Date.parse(opens);
  return isTooLong && "封榜时间要短于整个投票时间。";
}

function checkEnd(opens: string | null, closes: string | null): string | false {
  if (!closes) return "请选择结束时间。";
  return opens !== null && !isAfter(closes, opens) && "结束时间要晚于开始时间。";
}

function isAfter(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && Date.parse(one) > Date.parse(other);
}

/** Where the server's refusals belong, should it see what the form did not. */
export const PLACES = {
  contest_unknown: "contest_code",
  campaign_organization_unsuitable: "organization_id",
  organization_closed: "organization_id",
  campaign_span_reversed: "closes_at",
  campaign_limits_reversed: "ballots_per_entry_per_day",
  campaign_total_too_small: "ballots_in_all",
  campaign_freeze_too_long: "standings_freeze_minutes",
  nominations_close_too_late: "nominations_close_at",
};

/** `东胜区2026年第四季度“健康达人”评选`, within what a title may hold. */
export function suggestTitle(organization: string, quarter: string, contest?: Contest): string {
  if (!contest) return "";
  const place = organization.replace(/(卫生健康委员会|卫生健康委|卫健委)$/, "");
  return `${place}${formatQuarter(quarter).replaceAll(" ", "")}“${contest.title}”评选`.slice(0, 60);
}

/** `14 天`, counting both the first and the last; nothing while a moment is missing or wrong. */
export function describeDuration(values: CampaignValues): string {
  const { opens_at, closes_at } = values;
  if (!opens_at || !closes_at || !isAfter(closes_at, opens_at)) return "";
  const days = dayNumber(closes_at) - dayNumber(opens_at) + 1;
  return days > 1 ? `${days} 天` : describeSpan(Date.parse(closes_at) - Date.parse(opens_at));
}

function dayNumber(moment: string): number {
  return Date.parse(toWallClock(moment).slice(0, 10)) / DAY_MS;
}

/** A value in words where its code would say nothing. */
export function describerFor(contests: Contest[]) {
  return (name: string, value: unknown): string | undefined => {
    if (name === "contest_code") return contests.find(({ code }) => code === value)?.name;
    if (name === "standings_mode") return STANDINGS_MODES[value as StandingsMode].label;
    if (name === "standings_freeze_minutes") return describeFreeze(Number(value));
    if (name === "quarter") return formatQuarter(String(value));
    if (name.endsWith("_at") && typeof value === "string") return formatMoment(value);
    return undefined;
  };
}
