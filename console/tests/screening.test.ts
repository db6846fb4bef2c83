import { mount } from "@vue/test-utils";
import { expect, it } from "vitest";
import { Problem } from "@/api/problem";
import ExampleBallot from "@/domains/screening/ExampleBallot.vue";
import {
  checkReason,
  consequenceOf,
  decidable,
  DECISIONS,
  needsSecond,
  oneLine,
} from "@/domains/screening/decisions";
import { ballotsOf, spanOf, strongest, timelineOf } from "@/domains/screening/figures";
import { aloneEnough, isOff, isSetAside, scoreOf } from "@/domains/screening/judging";
import {
  asSettingProblem,
  changesOf,
  rulesFrom,
  typedFrom,
  withDefaults,
} from "@/domains/screening/rules";
import { asOutdated, isOutdated, type Rules, type Screening } from "@/domains/screening/screening";
import { accountAge, riskTrouble, riskWord } from "@/texts/screening";

const RULES: Rules = {
  threshold: 100,
  signals: {
    network_burst: { weight: 40, minutes: 60 },
    new_account: { weight: 30 },
    no_phone: { weight: 30 },
  },
};

const SCREENING: Screening = {
  settings: RULES,
  defaults: RULES,
  counts: { cast: 10, counted: 8, quarantined: 2, annulled: 0, released: 0 },
  risk_ranks: { asked: 0, unavailable_reason: null },
  open_groups: 1,
  open_objections: 0,
  annulments_alone: 20,
  revision: 3,
};

it("adds up what a ballot shows and compares it with the threshold", () => {
  expect(scoreOf(RULES, ["network_burst", "new_account", "unknown"])).toBe(70);
  expect(isSetAside(RULES, ["network_burst", "new_account"])).toBe(false);
  expect(isSetAside(RULES, ["network_burst", "new_account", "no_phone"])).toBe(true);
});

it("warns of rules that judge by one signal, or not at all", () => {
  expect(aloneEnough(RULES)).toEqual([]);
  expect(aloneEnough({ ...RULES, threshold: 40 })).toEqual(["network_burst"]);
  expect(isOff({ ...RULES, threshold: 101 })).toBe(true);
});

it("sends only what was changed of the rules", () => {
  const typed = typedFrom(SCREENING);
  expect(changesOf(SCREENING, typed)).toEqual({});
  const changed = { ...typed, threshold: 80, "no_phone.weight": 10, "network_burst.minutes": 30 };
  expect(rulesFrom(RULES, changed).signals["network_burst"]).toEqual({ weight: 40, minutes: 30 });
  expect(changesOf(SCREENING, changed)).toEqual({
    threshold: 80,
    signals: { network_burst: { minutes: 30 }, no_phone: { weight: 10 } },
  });
  expect(changesOf(SCREENING, { ...typed, annulments_alone: 0 })).toEqual({ annulments_alone: 0 });
  expect(withDefaults(SCREENING, changed)).toEqual(typed);
});

it("asks a second person only to annul more than one may annul alone", () => {
  expect(needsSecond({ decision: "annul", ballots: 20, alone: 20 })).toBe(false);
  expect(needsSecond({ decision: "annul", ballots: 21, alone: 20 })).toBe(true);
  expect(needsSecond({ decision: "release", ballots: 500, alone: 20 })).toBe(false);
  expect(consequenceOf({ decision: "annul", ballots: 21, alone: 20 })).toContain("两个人同意");
});

it("keeps people out of reasons that everybody reads", () => {
  expect(checkReason("  ")).toBe("请写明理由。");
  expect(checkReason("电话 13800138000 的机主刷票")).toContain("电话");
  expect(checkReason("内科王医生组织刷票")).toContain("某个人");
  const usual = Object.values(DECISIONS).flatMap(({ reasons }) => reasons);
  expect(usual.filter(checkReason)).toEqual([]);
});

it("decides together only what is in one state, what awaits review first", () => {
  const ballots = ["released", "quarantined", "annulled", "quarantined"].map((state, id) => ({
    id,
    state,
  }));
  const ids = (states: string[], decision: "release" | "annul") =>
    decidable(
      ballots.filter(({ state }) => states.includes(state)),
      decision,
    ).ballots.map(({ id }) => id);
  expect(ids(["released", "quarantined", "annulled"], "annul")).toEqual([1, 3]);
  expect(ids(["annulled"], "release")).toEqual([2]);
  expect(ids(["annulled"], "annul")).toEqual([]);
});

it("says that somebody else was faster in words that fit a decision", () => {
  const conflict = new Problem(412, "edited_meanwhile", "您填的内容还在。");
  expect((asOutdated(conflict) as Problem).detail).toContain("别人刚刚处理过");
  expect(isOutdated(new Problem(409, "ballots_decided", "已经有人处理过了。"))).toBe(true);
  const other = new Problem(409, "campaign_closed", "投票已经结束。");
  expect(asOutdated(other)).toBe(other);
});

it("tells of a group in figures", () => {
  const group = { ballots: { quarantined: 3, released: 0, annulled: 1, proposed: 0 } };
  expect(ballotsOf(group)).toEqual([
    { label: "待核", ballots: 3 },
    { label: "作废", ballots: 1 },
  ]);
  const signals = { no_phone: { ballots: 3 }, network_burst: { ballots: 40 } };
  expect(strongest({ signals }, 1)).toEqual(["同一网段集中投票 40 票"]);
});

it("names a span by the day once", () => {
  const first = "2026-11-20T04:00:00Z";
  expect(spanOf({ first_cast_at: first, last_cast_at: "2026-11-20T04:08:00Z" })).toBe(
    "11-20 12:00—12:08",
  );
  expect(spanOf({ first_cast_at: first, last_cast_at: "2026-11-20T16:08:00Z" })).toBe(
    "11-20 12:00—11-21 00:08",
  );
  expect(spanOf({ first_cast_at: null, last_cast_at: null })).toBe("—");
  const drawn = timelineOf([
    { at: first, ballots: 4 },
    { at: "2026-11-20T04:05:00Z", ballots: 9 },
  ]);
  expect(drawn.categories).toEqual(["12:00", "12:05"]);
});

it("has words for what WeChat says, and for what it does not", () => {
  expect(riskWord(4, null)).toBe("4 级");
  expect(riskWord(null, "no_visit")).toBe("查不到访问");
  expect(riskWord(null, null)).toBe("还没问");
  expect(riskTrouble(null)).toBe("");
  expect(riskTrouble("unauthorized")).toContain("风险用户扫描");
  expect(accountAge(0.5)).toBe("30 分钟");
  expect(accountAge(47)).toBe("47 小时");
  expect(accountAge(72)).toBe("3 天");
});

it("names a refused setting in words, at its field", () => {
  const refusal = new Problem(422, "screening_setting_invalid", "设置“network_burst.least”不对。");
  const { detail, errors } = asSettingProblem(refusal) as Problem;
  expect(detail).toContain("“同一网段集中投票”里的“数量至少”超出了允许的范围");
  expect(Object.keys(errors)).toEqual(["network_burst.least"]);
});

it("writes a public reason in one line", () => {
  expect(oneLine(" 集中刷票\n同一分钟 40 票 ")).toBe("集中刷票 同一分钟 40 票");
});

it("shows at once how the typed rules would judge an example", async () => {
  const example = mount(ExampleBallot, { props: { rules: RULES } });
  await example
    .findAll("button")
    .find((button) => button.text() === "第一次打开就投的市民")
    ?.trigger("click");
  const verdict = () => example.get("[role=status]").text();
  expect(verdict()).toContain("60 分");
  expect(verdict()).toContain("照常计票");
  await example.setProps({ rules: { ...RULES, threshold: 60 } });
  expect(verdict()).toContain("待核");
});
