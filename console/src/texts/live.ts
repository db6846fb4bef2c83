import type { Schema } from "@/api/client";

type Live = Schema<"LiveView">;

/** Where in the mini-program a ballot was cast from. */
export const BALLOT_SOURCES: Record<NonNullable<Live["by_source"][number]["source"]>, string> = {
  list: "参评列表",
  search: "搜索",
  share: "分享",
  scan: "扫码",
  notice: "消息通知",
};

/** What somebody sees who may not see more of the standings. */
export const SHOWN_NOTES: Record<Live["shown"], string> = {
  live: "",
  delayed: "这个活动延时公布票数，这里的榜单也不是最新的。",
  ranks_only: "这个活动投票期间只公布名次，票数在投票结束后公布。",
  hidden: "这个活动投票结束后才公布榜单，现在只能看总数和走势。",
};
