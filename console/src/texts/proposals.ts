import { CheckCircleIcon, CloseCircleIcon, RollbackIcon, TimeIcon } from "tdesign-icons-vue-next";
import type { Schema } from "@/api/client";
import type { Status } from "./status";

export type ProposalKind = Schema<"ProposalView">["kind"];
type ProposalState = Schema<"ProposalView">["state"];

/** What takes two persons: one proposes it, another agrees. */
export const PROPOSAL_KINDS: Record<ProposalKind, string> = {
  annul_ballots: "作废选票",
  extend: "延长投票",
  close: "提前结束投票",
  withdraw_entry: "参评对象退出",
  change_screening: "修改防刷票设置",
  publish_result: "公布结果",
};

export const PROPOSAL_STATES: Record<ProposalState, Status> = {
  open: { label: "等人确认", icon: TimeIcon, tone: "info" },
  approved: { label: "已同意", icon: CheckCircleIcon, tone: "success" },
  declined: { label: "没有同意", icon: CloseCircleIcon, tone: "warning" },
  withdrawn: { label: "已撤回", icon: RollbackIcon, tone: "neutral" },
  lapsed: { label: "已失效", icon: CloseCircleIcon, tone: "neutral" },
};

/** Whose they are to whoever looks at the list. */
export const PROPOSAL_SCOPES: Record<string, string> = {
  to_decide: "等我确认",
  own: "我提请的",
  all: "全部",
};

/** Said where something is proposed. */
export const SECOND_PERSON =
  "要两个人同意才能做：您提请以后，由另一位有权限的同事确认，确认时马上执行。";
