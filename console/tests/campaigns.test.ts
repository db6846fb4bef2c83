import { expect, it } from "vitest";
import { countdown, describeSpan, ruleSentences } from "@/texts/campaigns";
import { quarterOf, shiftQuarter } from "@/texts/quarters";
import {
  checkCampaign,
  describeDuration,
  momentInDays,
  newCampaign,
} from "@/domains/campaigns/form";
import { rankEntries } from "@/domains/campaigns/standings";
import type { Entry } from "@/domains/campaigns/campaigns";

const HOUR = 3_600_000;

function entry(number: number, votes: number | null, withdrawn_at: string | null = null): Entry {
  return { number, votes, withdrawn_at } as Entry;
}

it("counts quarters by the calendar of Asia/Shanghai", () => {
  expect(quarterOf(new Date("2026-12-31T16:00:00Z"))).toBe("2027Q1");
  expect(shiftQuarter("2026Q4", 1)).toBe("2027Q1");
  expect(shiftQuarter("2026Q1", -1)).toBe("2025Q4");
});

it("begins with the morning of tomorrow and ends in the evening of the fourteenth day", () => {
  const from = Date.parse("2026-11-21T20:00:00Z");
  expect(momentInDays(1, "08:00", from)).toBe("2026-11-23T00:00:00Z");
  const values = { ...newCampaign(1), contest_code: "outreach", title: "评选" };
  expect(describeDuration(values)).toBe("14 天");
  expect(Object.values(checkCampaign(values)).filter(Boolean)).toEqual([]);
});

it("says at their fields what contradicts itself", () => {
  const found = checkCampaign({
    ...newCampaign(1),
    contest_code: "outreach",
    title: "评选",
    opens_at: "2026-12-02T00:00:00Z",
    closes_at: "2026-12-01T00:00:00Z",
    ballots_per_entry_per_day: 4,
    ballots_in_all: 2,
    nominations_close_at: "2026-12-03T00:00:00Z",
  });
  const wrong = Object.keys(found).filter((name) => found[name]);
  expect(wrong).toEqual([
    "closes_at",
    "ballots_per_entry_per_day",
    "ballots_in_all",
    "nominations_close_at",
  ]);
});

it("tells how long it still is", () => {
  expect(describeSpan(76 * HOUR)).toBe("3 天 4 小时");
  expect(describeSpan(30_000)).toBe("1 分钟");
  const campaign = {
    status: "open" as const,
    opens_at: "2026-11-01T00:00:00Z",
    closes_at: "2026-11-20T00:00:00Z",
  };
  expect(countdown(campaign, Date.parse("2026-11-18T00:00:00Z"))).toBe("还有 2 天结束");
  expect(countdown({ ...campaign, status: "closed" }, 0)).toBe("");
});

it("never carries sixty minutes into a span", () => {
  expect(describeSpan(2 * HOUR - 1)).toBe("2 小时");
  expect(describeSpan(24 * HOUR - 1)).toBe("1 天");
});

it("explains the rules in sentences", () => {
  const sentences = ruleSentences({
    ballots_per_day: 3,
    ballots_per_entry_per_day: 1,
    ballots_in_all: null,
    phone_required: true,
    standings_mode: "delayed",
    standings_delay_minutes: 60,
    standings_freeze_minutes: 120,
    annulments_alone: 20,
    nominations_close_at: null,
  });
  expect(sentences).toContain("结束前 2 小时起封榜，榜单停在那一刻，照常投票，结束后公开。");
  expect(sentences).toContain("榜单每 1 小时更新一次。");
  expect(sentences).toContain("要先绑定手机号才能投票。");
});

it("shares a rank among equal votes and leaves out who withdrew", () => {
  const places = rankEntries([entry(1, 3), entry(2, 5), entry(3, 5), entry(4, 9, "2026-11-20")]);
  expect(places.map(({ entry: { number }, rank }) => [number, rank])).toEqual([
    [2, 1],
    [3, 1],
    [1, 3],
  ]);
});
