import { expect, it } from "vitest";
import { labelOf, obstacle, takesTwo } from "@/domains/campaigns/actions";
import type { Campaign } from "@/domains/campaigns/campaigns";
import { checkCampaign, newCampaign } from "@/domains/campaigns/form";
import { changesOf, decisionOf, type Proposal } from "@/domains/proposals/proposals";

function campaign(status: Campaign["status"]): Campaign {
  return { status, closes_at: "2026-11-20T04:00:00Z" } as Campaign;
}

function proposal(values: Partial<Proposal>): Proposal {
  return {
    kind: "close",
    state: "open",
    content: {},
    decided_by_name: null,
    ...values,
  } as Proposal;
}

it("proposes what changes a running vote, and does it at once before", () => {
  expect(labelOf(campaign("scheduled"), "extend")).toBe("延长投票");
  expect(labelOf(campaign("suspended"), "extend")).toBe("提请延长投票");
  expect(labelOf(campaign("open"), "suspend")).toBe("暂停投票");
  expect(takesTwo(campaign("scheduled"), "withdraw_entry")).toBe(false);
  expect(takesTwo(campaign("closed"), "publish_result")).toBe(true);
});

it("does not offer a second time what was proposed", () => {
  const now = Date.parse("2026-11-20T05:00:00Z");
  expect(obstacle(campaign("closed"), "publish_result", now)).toBe("");
  const waiting = new Set(["publish_result"]);
  expect(obstacle(campaign("closed"), "publish_result", now, waiting)).toContain("另一位同事");
});

it("lists what would be otherwise in how ballots are screened", () => {
  const changes = {
    threshold: 120,
    annulments_alone: 5,
    signals: { risk_rank_4: { weight: 60 }, network_burst: { minutes: 30 } },
  };
  const lines = changesOf(proposal({ kind: "change_screening", content: { changes } }));
  expect(lines.slice(0, 3)).toEqual([
    "满 120 分待核",
    "一个人一次最多作废 5 票",
    "微信判为高风险：分值 60 分",
  ]);
  expect(lines[3]).toContain("30 分钟");
  expect(changesOf(proposal({ content: { changes } }))).toEqual([]);
});

it("says who decided, in every state", () => {
  expect(decisionOf(proposal({}))).toBe("");
  expect(decisionOf(proposal({ state: "lapsed", decided_by_name: "宝音" }))).toBe(
    "宝音确认时已经不能执行",
  );
});

it("finds a freeze as long as the vote, unless nothing is shown anyway", () => {
  const values = {
    ...newCampaign(1),
    opens_at: "2026-12-01T00:00:00Z",
    closes_at: "2026-12-02T00:00:00Z",
    standings_freeze_minutes: 1440,
  };
  expect(checkCampaign(values)["standings_freeze_minutes"]).toContain("要短于");
  const hidden = { ...values, standings_mode: "hidden" as const };
  expect(checkCampaign(hidden)["standings_freeze_minutes"]).toBe(false);
});
