import { expect, it } from "vitest";
import { explain, templateWord, type Message } from "@/domains/messages/messages";

function message(values: Partial<Message>): Message {
  return {
    id: 1,
    citizen_id: 7,
    organization: { id: 3, kind: "district_commission", name: "东胜区卫健委", name_mn: null },
    template: "campaign_result",
    title: "评选结果公布了",
    state: "pending",
    reason: null,
    attempts: 0,
    next_attempt_at: "2026-11-20T04:00:00Z",
    last_errcode: null,
    created_at: "2026-11-20T04:00:00Z",
    sent_at: null,
    ...values,
  };
}

it("says why a message failed and what to mend", () => {
  const refused = message({ state: "dead", reason: "refused", last_errcode: 47003 });
  expect(explain(refused)).toBe(
    "微信不接受这条消息。模板的内容和设置对不上。请系统管理员核对 WECHAT_TEMPLATES 里的每一项。",
  );
  expect(explain(message({ state: "dead", reason: "gave_up", last_errcode: -1 }))).toBe(
    "试了很多次都没有成功。",
  );
  expect(explain(message({ state: "unconfirmed" }))).toContain("可能已经收到");
});

it("says what a waiting message waits for, and nothing of one that was sent", () => {
  expect(explain(message({ last_errcode: 45009 }))).toBe(
    "当天的发送次数已经用完，第二天会继续发送。",
  );
  expect(explain(message({ state: "sent", last_errcode: 0 }))).toBe("");
});

it("shows the code of a kind it does not know yet", () => {
  expect(templateWord("campaign_result")).toBe("评选结果");
  expect(templateWord("future")).toBe("future");
});
