import type { Component } from "vue";
import {
  CheckCircleIcon,
  CloseCircleIcon,
  EditIcon,
  ErrorCircleIcon,
  LockOnIcon,
  PauseCircleIcon,
  PlayCircleIcon,
  RollbackIcon,
  SendIcon,
  StopCircleIcon,
  TimeIcon,
  UserAddIcon,
} from "tdesign-icons-vue-next";
import type { Schema } from "@/api/client";

export type Tone = "neutral" | "primary" | "info" | "success" | "warning" | "danger";

/** How a state is shown: a word, its icon and a tone, never the tone alone. */
export interface Status {
  label: string;
  icon: Component;
  tone: Tone;
}

type Statuses<Code extends string = string> = Record<Code, Status>;

export const ACCOUNT_STATUSES: Statuses<Schema<"AccountView">["status"]> = {
  invited: { label: "已邀请", icon: UserAddIcon, tone: "info" },
  active: { label: "使用中", icon: CheckCircleIcon, tone: "success" },
  locked: { label: "已锁定", icon: LockOnIcon, tone: "warning" },
  disabled: { label: "已停用", icon: CloseCircleIcon, tone: "neutral" },
};

export const CAMPAIGN_STATUSES: Statuses = {
  draft: { label: "草稿", icon: EditIcon, tone: "neutral" },
  scheduled: { label: "待开始", icon: TimeIcon, tone: "info" },
  open: { label: "投票中", icon: PlayCircleIcon, tone: "success" },
  suspended: { label: "已暂停", icon: PauseCircleIcon, tone: "warning" },
  closed: { label: "已结束", icon: StopCircleIcon, tone: "neutral" },
};

export const ENTRY_WITHDRAWN: Status = {
  label: "已退出",
  icon: CloseCircleIcon,
  tone: "neutral",
};

export const NOMINATION_STATES: Statuses = {
  draft: { label: "草稿", icon: EditIcon, tone: "neutral" },
  submitted: { label: "待审核", icon: SendIcon, tone: "info" },
  returned: { label: "已退回", icon: RollbackIcon, tone: "warning" },
  approved: { label: "已通过", icon: CheckCircleIcon, tone: "success" },
};

export const KNOWLEDGE_STATES: Statuses = {
  draft: { label: "草稿", icon: EditIcon, tone: "neutral" },
  submitted: { label: "待审核", icon: SendIcon, tone: "info" },
  returned: { label: "已退回", icon: RollbackIcon, tone: "warning" },
  approved: { label: "待发布", icon: CheckCircleIcon, tone: "primary" },
  scheduled: { label: "定时发布", icon: TimeIcon, tone: "info" },
  published: { label: "已发布", icon: CheckCircleIcon, tone: "success" },
  withdrawn: { label: "已下架", icon: StopCircleIcon, tone: "neutral" },
};

export const PUBLICITY_STATES: Statuses<Schema<"PublicityView">["state"]> = {
  recorded: { label: "待确认", icon: SendIcon, tone: "info" },
  confirmed: { label: "已确认", icon: CheckCircleIcon, tone: "success" },
  returned: { label: "已退回", icon: RollbackIcon, tone: "warning" },
};

export const MESSAGE_STATES: Statuses<Schema<"MessageView">["state"]> = {
  pending: { label: "待发送", icon: TimeIcon, tone: "info" },
  sending: { label: "发送中", icon: SendIcon, tone: "info" },
  sent: { label: "已发送", icon: CheckCircleIcon, tone: "success" },
  unconfirmed: { label: "不确定", icon: ErrorCircleIcon, tone: "warning" },
  skipped: { label: "未发送", icon: StopCircleIcon, tone: "neutral" },
  dead: { label: "发送失败", icon: CloseCircleIcon, tone: "danger" },
};

export const SIGN_IN_RESULTS: Statuses<Schema<"SignInView">["result"]> = {
  signed_in: { label: "登录成功", icon: CheckCircleIcon, tone: "success" },
  wrong_password: { label: "密码不对", icon: ErrorCircleIcon, tone: "warning" },
  wrong_code: { label: "动态码不对", icon: ErrorCircleIcon, tone: "warning" },
  locked: { label: "账号已锁定", icon: LockOnIcon, tone: "danger" },
  disabled: { label: "账号已停用", icon: CloseCircleIcon, tone: "danger" },
};

const UNKNOWN: Omit<Status, "label"> = { icon: ErrorCircleIcon, tone: "neutral" };

/** A state this console does not know yet shows its code rather than nothing. */
export function statusOf(statuses: Readonly<Record<string, Status>>, code: string): Status {
  return statuses[code] ?? { ...UNKNOWN, label: code };
}
