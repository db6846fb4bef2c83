import type { Schema } from "@/api/client";
import { formatDay, formatMoment, formatQuarter } from "@/texts/format";

export type Campaign = Schema<"StaffCampaignView">;
export type Entry = Schema<"StaffEntryView">;

/** The words of a poster, all of them as they are printed. */
export interface PosterWords {
  /** 比科普宣传 · 2026 年第四季度 */
  contest: string;
  /** What is awarded: 健康达人. */
  award: string;
  title: string;
  titleMn: string | null;
  introduction: string;
  span: string;
  rules: string;
  host: string;
  hostMn: string | null;
  call: string;
  entry: PosterEntry | null;
}

export interface PosterEntry {
  number: string;
  name: string;
  nameMn: string | null;
  organization: string;
  statement: string;
}

export function wordsFor(campaign: Campaign, entry: Entry | null): PosterWords {
  return {
    contest: `${campaign.contest.name} · ${formatQuarter(campaign.quarter)}`,
    award: campaign.contest.title,
    title: campaign.title,
    titleMn: campaign.title_mn,
    introduction: campaign.introduction,
    span: `投票时间 ${beginning(campaign.opens_at)}至${ending(campaign.closes_at)}`,
    rules: rulesOf(campaign),
    host: `主办：${campaign.organization.name}`,
    hostMn: campaign.organization.name_mn,
    call: entry ? `微信扫码，为 ${entry.number} 号投一票` : "微信扫码，投一票",
    entry: entry && {
      number: `${entry.number} 号`,
      name: entry.name,
      nameMn: entry.name_mn,
      organization: entry.organization?.name ?? "",
      statement: entry.statement,
    },
  };
}

/** For who cannot see the poster: everything that stands on it. */
export function describe(words: PosterWords, hasCode: boolean): string {
  const { entry } = words;
  const subject = entry
    ? [entry.number, entry.name, entry.nameMn, entry.organization]
    : [words.introduction];
  const parts = [
    words.contest,
    words.title,
    words.titleMn,
    ...subject,
    words.span,
    words.rules,
    words.host,
    hasCode ? `小程序码，${words.call}` : "没有小程序码",
  ];
  return `海报。${parts.filter(Boolean).join("；")}。`;
}

/** `2026年11月20日`, with the time unless the day begins. */
function beginning(moment: string): string {
  const time = formatMoment(moment).slice(-5);
  return time === "00:00" ? dayOf(moment) : `${dayOf(moment)} ${time}`;
}

/** As people say it: the end of a day, not the beginning of the next. */
function ending(moment: string): string {
  const time = formatMoment(moment).slice(-5);
  if (time !== "00:00") return `${dayOf(moment)} ${time}`;
  return `${dayOf(new Date(Date.parse(moment) - 1).toISOString())} 24:00`;
}

function dayOf(moment: string): string {
  const [year, month, day] = formatDay(moment).split("-").map(Number);
  return `${year}年${month}月${day}日`;
}

function rulesOf(campaign: Campaign): string {
  const { ballots_per_day: most, ballots_per_entry_per_day: each, ballots_in_all: all } = campaign;
  const parts = [`每人每天 ${most} 票`];
  if (each < most) parts.push(`同一对象每天最多 ${each} 票`);
  if (all) parts.push(`活动期间最多 ${all} 票`);
  return parts.join("，");
}
