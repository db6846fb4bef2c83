import { api, take, type Page, type Schema } from "@/api/client";
import { confirmAction } from "@/components/confirm";
import { toast } from "@/components/toasts";
import type { ListQuery } from "@/composables/list";
import { PROPOSAL_KINDS } from "@/texts/proposals";
import { PARAMETERS, signalWords } from "@/texts/screening";

export type Proposal = Schema<"ProposalView">;
type Content = Schema<"ProposalBody">;

/** Unless asked for others, those that wait for this person. */
export async function readProposals(query: ListQuery): Promise<Page<Proposal>> {
  const waiting = query["scope"] || query["state"] ? {} : { state: "open" as const };
  return take(api.GET("/api/v1/staff/proposals", { params: { query: { ...query, ...waiting } } }));
}

export async function readProposalsOf(campaignId: number): Promise<Proposal[]> {
  const params = { path: { campaign_id: campaignId } };
  const path = "/api/v1/staff/campaigns/{campaign_id}/proposals";
  return (await take(api.GET(path, { params }))).items;
}

export async function propose(campaignId: number, body: Content): Promise<Proposal> {
  const params = { path: { campaign_id: campaignId } };
  const proposal = await take(
    api.POST("/api/v1/staff/campaigns/{campaign_id}/proposals", { params, body }),
  );
  toast("已提请，等另一位同事确认");
  return proposal;
}

/** Asks, and does it at once; true when it is done. */
export async function approve(proposal: Proposal): Promise<boolean> {
  const isDone = await confirmAction({
    title: `同意：${PROPOSAL_KINDS[proposal.kind]}`,
    consequence: `${proposal.summary}点“同意并执行”马上生效。`,
    action: "同意并执行",
    isDangerous: proposal.kind !== "extend",
    run: () => api.POST("/api/v1/staff/proposals/{proposal_id}/approve", pathTo(proposal)),
  });
  if (isDone) toast("已同意，并且执行了");
  return isDone;
}

export async function decline(proposal: Proposal): Promise<boolean> {
  const path = "/api/v1/staff/proposals/{proposal_id}/decline";
  const isDone = await confirmAction({
    title: `不同意：${PROPOSAL_KINDS[proposal.kind]}`,
    consequence: `什么都不会改变，${proposal.proposed_by_name}看得到您写的原因。`,
    action: "不同意",
    reason: "为什么不同意，让提请的人知道怎么办。",
    run: ({ reason }) => api.POST(path, { ...pathTo(proposal), body: { reason } }),
  });
  if (isDone) toast("已回复：不同意");
  return isDone;
}

export async function withdraw(proposal: Proposal): Promise<boolean> {
  const isDone = await confirmAction({
    title: `撤回提请：${PROPOSAL_KINDS[proposal.kind]}`,
    consequence: "不再等人确认，什么都不会改变。需要时可以再提请。",
    action: "撤回提请",
    run: () => api.POST("/api/v1/staff/proposals/{proposal_id}/withdraw", pathTo(proposal)),
  });
  if (isDone) toast("已撤回提请");
  return isDone;
}

function pathTo({ id }: Proposal) {
  return { params: { path: { proposal_id: id } } };
}

interface ScreeningChanges {
  threshold?: number;
  annulments_alone?: number;
  signals?: Record<string, Record<string, number>>;
}

/** What would be otherwise in how ballots are screened, line by line. */
export function changesOf({ kind, content }: Proposal): string[] {
  if (kind !== "change_screening") return [];
  const { threshold, annulments_alone: alone, signals } = content["changes"] as ScreeningChanges;
  return [
    ...(threshold === undefined ? [] : [`满 ${threshold} 分待核`]),
    ...(alone === undefined ? [] : [`一个人一次最多作废 ${alone} 票`]),
    ...Object.entries(signals ?? {}).flatMap(([signal, values]) =>
      Object.entries(values).map(([name, value]) => {
        const { label, unit } = PARAMETERS[name] ?? { label: "分值", unit: "分" };
        return `${signalWords(signal).label}：${label} ${value} ${unit}`;
      }),
    ),
  ];
}

/** Who decided, and when that was; nothing while it is open. */
export function decisionOf({ state, decided_by_name: name }: Proposal): string {
  const said: Record<Proposal["state"], string> = {
    open: "",
    approved: `${name}同意并执行`,
    declined: `${name}没有同意`,
    withdrawn: `${name}撤回`,
    lapsed: `${name}确认时已经不能执行`,
  };
  return said[state];
}
