import type { LocationQueryRaw } from "vue-router";
import { formatMoment } from "@/texts/format";
import { LEAST_ENTRIES, type Campaign, type Entry } from "./campaigns";

/** One thing to look after before people vote. */
export interface Check {
  title: string;
  note: string;
  isDone: boolean;
  /** Without it the campaign cannot be announced. */
  isNeeded: boolean;
  /** Where to mend it: a part of the page, or the form. */
  to: LocationQueryRaw | "edit";
  action: string;
}

const ENTRIES = { tab: "entries" };

export function checksFor(campaign: Campaign, entries: readonly Entry[], now: number): Check[] {
  const shown = entries.filter(({ withdrawn_at }) => withdrawn_at === null);
  return [
    checkEntries(campaign),
    checkSpan(campaign, now),
    checkAll(shown, ({ portrait_url }) => portrait_url !== null, "照片"),
    checkAll(shown, ({ statement }) => statement !== "", "介绍"),
    {
      title: "活动介绍",
      note: campaign.introduction ? "已填写" : "还没有写，市民打开只看得到名称",
      isDone: campaign.introduction !== "",
      isNeeded: false,
      to: "edit",
      action: "写介绍",
    },
    {
      title: "蒙古文",
      note: campaign.title_mn ? "已填写" : "还没有，蒙古文页面会显示汉文名称",
      isDone: campaign.title_mn !== null,
      isNeeded: false,
      to: "edit",
      action: "填蒙古文",
    },
    ...checkNominations(campaign),
  ];
}

function checkEntries({ entries_count: count }: Campaign): Check {
  const missing = LEAST_ENTRIES - count;
  return {
    title: "参评对象",
    note: missing > 0 ? `至少 ${LEAST_ENTRIES} 个，还差 ${missing} 个` : `已有 ${count} 个`,
    isDone: missing <= 0,
    isNeeded: true,
    to: missing > 0 ? { ...ENTRIES, open: "new" } : ENTRIES,
    action: "添加参评对象",
  };
}

function checkSpan({ opens_at, closes_at }: Campaign, now: number): Check {
  const span = `${formatMoment(opens_at)} 至 ${formatMoment(closes_at)}`;
  const isDone = Date.parse(opens_at) > now;
  return {
    title: "投票时间",
    note: isDone ? span : `${span}，开始时间已经过了`,
    isDone,
    isNeeded: true,
    to: "edit",
    action: "修改时间",
  };
}

function checkAll(
  entries: readonly Entry[],
  isGood: (entry: Entry) => boolean,
  what: string,
): Check {
  const lacking = entries.filter((entry) => !isGood(entry)).length;
  return {
    title: `参评对象的${what}`,
    note: lacking ? `还有 ${lacking} 个没有${what}` : entries.length ? "都有" : "添加后再看",
    isDone: lacking === 0 && entries.length > 0,
    isNeeded: false,
    to: ENTRIES,
    action: `补${what}`,
  };
}

function checkNominations({ nominations_waiting: waiting }: Campaign): Check[] {
  if (!waiting) return [];
  return [
    {
      title: "机构推荐",
      note: `还有 ${waiting} 项没有审核，开放以后就不能通过了`,
      isDone: false,
      isNeeded: false,
      to: { tab: "review" },
      action: "去审核",
    },
  ];
}
