import type { Schema } from "@/api/client";

export type WorkKind = Schema<"WaitingView">["kind"];

/** Work that waits: what it is, why it matters, and what one does about it. */
interface Work {
  /** Goes on from the count: 3 + 个推荐等您审核. */
  words: string;
  note: string;
  action: string;
  /** Where it is done: within its campaign if all of it belongs to one, else in the list. */
  to: (campaignId: number | null) => string;
}

const within = (list: string, tab = "") => {
  return (campaignId: number | null): string =>
    campaignId ? `/campaigns/${campaignId}${tab}` : list;
};

export const WORK: Record<WorkKind, Work> = {
  proposals_to_decide: {
    words: "个提请等您确认",
    note: "要两个人同意才能做，您确认时马上执行。",
    action: "去确认",
    to: () => "/proposals",
  },
  nominations_to_review: {
    words: "个推荐等您审核",
    note: "通过的成为参评对象，退回的要写明怎么改。",
    action: "去审核",
    to: within("/campaigns", "?tab=review"),
  },
  nominations_returned: {
    words: "个推荐被退回",
    note: "按退回的意见改好，再提交一次。",
    action: "去修改",
    to: () => "/nominations?state=returned",
  },
  knowledge_to_review: {
    words: "条健康知识等您审核",
    note: "核对医学内容，写得不对的退回并注明哪里要改。",
    action: "去审核",
    to: () => "/knowledge?waiting=review",
  },
  knowledge_to_publish: {
    words: "条健康知识等您发布",
    note: "已经通过医学审核，可以马上发布，也可以定时。",
    action: "去发布",
    to: () => "/knowledge?waiting=publish",
  },
  knowledge_returned: {
    words: "条健康知识被退回",
    note: "按审核意见改好，再提交一次。",
    action: "去修改",
    to: () => "/knowledge?waiting=mine&state=returned",
  },
  knowledge_review_due: {
    words: "条健康知识快到复审日期",
    note: "重新核对，内容不变就确认，有变化就请作者修改。",
    action: "去复审",
    to: () => "/knowledge?waiting=due",
  },
  translations_stale: {
    words: "条健康知识的译文没有跟上原文",
    note: "原文改过以后，译文要看一遍。",
    action: "去更新",
    to: () => "/knowledge?waiting=stale",
  },
  knowledge_reports: {
    words: "条读者报错等着处理",
    note: "先核对内容，有错就改，再给读者答复。",
    action: "去处理",
    to: () => "/knowledge/readers",
  },
  knowledge_comments: {
    words: "条评论等您审核",
    note: "审核以前，别人看不到。",
    action: "去审核",
    to: () => "/knowledge/readers?tab=comments",
  },
  contributions: {
    words: "份市民投稿等您处理",
    note: "采用的会成为草稿，不采用的要写明原因。",
    action: "去处理",
    to: () => "/knowledge/readers?tab=contributions",
  },
  publicity_to_confirm: {
    words: "条宣传报道等您确认",
    note: "确认以后才计入当季的科普宣传。",
    action: "去确认",
    to: () => "/publicity?state=recorded",
  },
  publicity_returned: {
    words: "条宣传报道被退回",
    note: "按退回的意见改好，会重新等待确认。",
    action: "去修改",
    to: () => "/publicity?state=returned",
  },
  drafts_to_announce: {
    words: "个活动快到开始时间，还是草稿",
    note: "草稿不会自己开始，要先公布。",
    action: "去公布",
    to: within("/campaigns?status=draft"),
  },
  results_to_publish: {
    words: "个活动投票已结束，结果还没有公布",
    note: "市民在等最后的名次。",
    action: "去公布结果",
    to: within("/campaigns?status=closed"),
  },
  accounts_invited: {
    words: "位同事还没有接受邀请",
    note: "邀请链接会过期，过期的可以重新发。",
    action: "去看看",
    to: () => "/staff?status=invited",
  },
  accounts_locked: {
    words: "个账号被锁定",
    note: "密码连续输错会锁定，核实是本人后再解锁。",
    action: "去解锁",
    to: () => "/staff?status=locked",
  },
};
