import { api, take, type Page, type Schema } from "@/api/client";
import type { ListQuery } from "@/composables/list";

export type Message = Schema<"MessageView">;

export async function readMessages(query: ListQuery): Promise<Page<Message>> {
  return take(api.GET("/api/v1/staff/messages", { params: { query } }));
}

export async function retry(id: number): Promise<Message> {
  const params = { path: { message_id: id } };
  return take(api.POST("/api/v1/staff/messages/{message_id}/retry", { params }));
}

const TEMPLATES: Record<string, string> = { campaign_result: "评选结果" };

export function templateWord(code: string): string {
  return TEMPLATES[code] ?? code;
}

const REASONS: Record<NonNullable<Message["reason"]>, string> = {
  no_allowance: "本人没有同意接收，或者同意的次数已经用完。",
  account_gone: "本人已经注销，或者不再用这个小程序。",
  template_unset: "系统设置里没有这种消息的模板（WECHAT_TEMPLATES）。",
  expired: "等了太久，消息已经过时。",
  refused: "微信不接受这条消息。",
  gave_up: "试了很多次都没有成功。",
  not_delivered: "微信收下了消息，但是没有送达。",
};

/** What to mend, by WeChat's code. */
const REMEDIES: Record<number, string> = {
  40003: "微信不认识这位市民，一般是换过小程序。不用处理。",
  40037: "模板编号不对。请系统管理员核对 WECHAT_TEMPLATES 里的 template_id。",
  41030: "小程序里没有要打开的页面。请先发布新版小程序。",
  43107: "模板或者订阅消息能力被封禁。请在微信公众平台查看原因。",
  45009: "当天的发送次数已经用完，第二天会继续发送。",
  45168: "内容含有微信不允许的词。请检查活动名称。",
  47003: "模板的内容和设置对不上。请系统管理员核对 WECHAT_TEMPLATES 里的每一项。",
  48001: "小程序没有开通订阅消息。请在微信公众平台开通。",
  50002: "小程序账号被限制。请在微信公众平台查看原因。",
};

/** Why the message was not sent and what can be done, in a sentence or two; empty if it was. */
export function explain({ state, reason, last_errcode }: Message): string {
  if (state === "unconfirmed") {
    return "发送时断了联系，市民可能已经收到。为了不重复打扰，不再发送；小程序的通知里有同样的内容。";
  }
  const remedy = last_errcode === null ? undefined : REMEDIES[last_errcode];
  return [reason && REASONS[reason], remedy].filter(Boolean).join("");
}
