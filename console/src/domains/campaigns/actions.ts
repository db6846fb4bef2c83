import { api, ifMatch, take } from "@/api/client";
import { Problem } from "@/api/problem";
import { confirmAction, type Confirmation } from "@/components/confirm";
import { toast } from "@/components/toasts";
import { propose } from "@/domains/proposals/proposals";
import { describeSpan } from "@/texts/campaigns";
import { formatMoment } from "@/texts/format";
import { SECOND_PERSON } from "@/texts/proposals";
import type { Loaded } from "@/composables/loaded";
import { LEAST_ENTRIES, SETTLING_MS, type Campaign } from "./campaigns";

/** What can be done with a campaign as a whole, in words and in requests. */

type SimpleStep = "announce" | "open" | "resume";
type ReasonedStep = "retract" | "suspend";
export type Step = SimpleStep | ReasonedStep | "extend" | "close" | "publish_result" | "delete";

export const STEP_LABELS: Record<Step, string> = {
  announce: "公布活动",
  open: "现在开放",
  retract: "撤回公布",
  extend: "延长投票",
  suspend: "暂停投票",
  resume: "恢复投票",
  close: "提前结束",
  publish_result: "公布结果",
  delete: "删除草稿",
};

/** The order in the menu; the worst stands last. */
export const STEPS = Object.keys(STEP_LABELS) as Step[];
export const DANGEROUS: ReadonlySet<Step> = new Set(["suspend", "close", "delete"]);

const TAKE_TWO: ReadonlySet<string> = new Set(["extend", "close", "withdraw_entry"]);

/** Whether a second person has to agree: to what changes a running vote, and to its result. */
export function takesTwo({ status }: Campaign, step: Step | "withdraw_entry"): boolean {
  if (step === "publish_result") return true;
  return TAKE_TWO.has(step) && (status === "open" || status === "suspended");
}

export function labelOf(campaign: Campaign, step: Step): string {
  return takesTwo(campaign, step) ? `提请${STEP_LABELS[step]}` : STEP_LABELS[step];
}

/** Why a step that this person may take would be refused now; empty if it would not. */
export function obstacle(
  campaign: Campaign,
  step: Step,
  now: number,
  proposed: ReadonlySet<string> = new Set(),
): string {
  if (proposed.has(step)) return "已经提请，等另一位同事确认";
  if (step === "announce" || step === "open") {
    const missing = LEAST_ENTRIES - campaign.entries_count;
    if (missing > 0) return `至少要有 ${LEAST_ENTRIES} 个参评对象，还差 ${missing} 个`;
    if (Date.parse(campaign.closes_at) <= now) return "结束时间已经过了，请先修改";
  }
  if (step === "announce" && Date.parse(campaign.opens_at) <= now) {
    return "开始时间已经过了，请先修改，或者直接现在开放";
  }
  if (step === "publish_result" && now < Date.parse(campaign.closes_at) + SETTLING_MS) {
    return "最后的选票还在入库，请稍等半分钟";
  }
  return "";
}

const DONE: Record<Exclude<Step, "extend" | "close" | "publish_result">, string> = {
  announce: "已公布，到时自动开放",
  open: "投票已开放",
  retract: "已撤回为草稿",
  suspend: "投票已暂停",
  resume: "投票已恢复",
  delete: "草稿已删除",
};

type Words = Omit<Confirmation, "run" | "action">;

function wordsFor(campaign: Campaign, step: keyof typeof DONE): Words {
  const opens = formatMoment(campaign.opens_at);
  const closes = formatMoment(campaign.closes_at);
  const words: Record<keyof typeof DONE, Words> = {
    announce: {
      title: `公布“${campaign.title}”`,
      consequence: `市民马上看得到这个活动和 ${campaign.entries_count} 个参评对象，${opens} 自动开放投票，${closes} 自动结束。公布后规则和时间不能再改；开放以前可以撤回。`,
    },
    open: {
      title: "现在开放投票",
      consequence: `从现在起市民就可以投票，${closes} 自动结束。开放后规则、时间和参评对象的名单都不能再改，也不能撤回。`,
    },
    retract: {
      title: "撤回公布",
      consequence: "活动回到草稿，市民看不到了；改好后可以再次公布。",
      reason: "为什么撤回，例如：参评对象名单有误。会记入活动经过。",
    },
    suspend: {
      title: "暂停投票",
      consequence: "市民马上不能投票，已投的票都保留。随时可以恢复，结束时间不变。",
      reason: "市民会看到这个原因，请写得让人看得懂。",
      isDangerous: true,
    },
    resume: {
      title: "恢复投票",
      consequence: `市民马上可以接着投票，${closes} 结束。如果要补足暂停的时间，恢复后再延长。`,
    },
    delete: {
      title: "删除草稿",
      consequence: `“${campaign.title}”和它的 ${campaign.entries_count} 个参评对象、收到的推荐都会删除，不能恢复。`,
      isDangerous: true,
    },
  };
  return words[step];
}

/** Asks whether to propose to close early; true when it is proposed. */
export function proposeClosing(campaign: Campaign): Promise<boolean> {
  const left = describeSpan(Date.parse(campaign.closes_at) - Date.now());
  const closes = formatMoment(campaign.closes_at);
  return confirmAction({
    title: "提请提前结束投票",
    consequence: `${SECOND_PERSON}原定 ${closes} 结束，还有 ${left}。结束后不能再开放，已经投出的票都算数。`,
    action: labelOf(campaign, "close"),
    reason: "为什么提前结束，会记入活动经过。",
    isDangerous: true,
    run: ({ reason }) => propose(campaign.id, { kind: "close", reason }),
  });
}

/** Asks, does it and shows what has become of the campaign; true when it is done. */
export async function takeStep(
  campaign: Loaded<Campaign>,
  step: keyof typeof DONE,
): Promise<boolean> {
  const asked = campaign.value.value;
  if (!asked) return false;
  const isDone = await confirmAction({
    ...wordsFor(asked, step),
    action: STEP_LABELS[step],
    run: ({ reason }) => insist(campaign, (current) => send(campaign, current, step, reason)),
  });
  if (isDone) toast(DONE[step]);
  return isDone;
}

/** Does something with the present revision; when that is outdated, shows the new one first. */
async function insist(
  campaign: Loaded<Campaign>,
  act: (current: Campaign) => Promise<void>,
): Promise<void> {
  const current = campaign.value.value;
  if (!current) return;
  try {
    await act(current);
  } catch (error) {
    if (!(error instanceof Problem) || !error.isConflict) throw error;
    await campaign.refresh();
    const detail = "别人刚刚改过这个活动，页面已换成最新的内容。请核对后再决定要不要继续。";
    throw new Problem(error.status, error.code, detail);
  }
}

async function send(
  campaign: Loaded<Campaign>,
  { id, revision }: Campaign,
  step: keyof typeof DONE,
  reason: string,
): Promise<void> {
  const params = { path: { campaign_id: id }, header: ifMatch(revision) };
  const body = { reason };
  if (step === "delete") {
    await api.DELETE("/api/v1/staff/campaigns/{campaign_id}", { params });
    return;
  }
  const requests = {
    announce: () => api.POST("/api/v1/staff/campaigns/{campaign_id}/announce", { params }),
    open: () => api.POST("/api/v1/staff/campaigns/{campaign_id}/open", { params }),
    resume: () => api.POST("/api/v1/staff/campaigns/{campaign_id}/resume", { params }),
    retract: () => api.POST("/api/v1/staff/campaigns/{campaign_id}/retract", { params, body }),
    suspend: () => api.POST("/api/v1/staff/campaigns/{campaign_id}/suspend", { params, body }),
  };
  campaign.set(await take(requests[step]()));
}
