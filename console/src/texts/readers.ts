import {
  CheckCircleIcon,
  CloseCircleIcon,
  ErrorTriangleIcon,
  HelpCircleIcon,
  TimeIcon,
} from "tdesign-icons-vue-next";
import type { Schema } from "@/api/client";
import type { Status } from "./status";

/** Words for what readers of health knowledge leave, and for what becomes of it. */

export const REPORT_STATES: Record<Schema<"StaffReportView">["state"], Status> = {
  open: { label: "待答复", icon: TimeIcon, tone: "warning" },
  corrected: { label: "已更正", icon: CheckCircleIcon, tone: "success" },
  declined: { label: "内容无误", icon: CloseCircleIcon, tone: "neutral" },
};

export const COMMENT_STATES: Record<Schema<"StaffCommentView">["state"], Status> = {
  pending: { label: "待审核", icon: TimeIcon, tone: "warning" },
  shown: { label: "已公开", icon: CheckCircleIcon, tone: "success" },
  rejected: { label: "不公开", icon: CloseCircleIcon, tone: "neutral" },
};

export const CONTRIBUTION_STATES: Record<Schema<"StaffContributionView">["state"], Status> = {
  received: { label: "待处理", icon: TimeIcon, tone: "warning" },
  accepted: { label: "已采用", icon: CheckCircleIcon, tone: "success" },
  declined: { label: "未采用", icon: CloseCircleIcon, tone: "neutral" },
};

/** What WeChat's content check said. */
export const SAFETY_CHECKS: Record<Schema<"StaffCommentView">["safety"], Status> = {
  passed: { label: "微信检测：没有发现问题", icon: CheckCircleIcon, tone: "success" },
  suspicious: { label: "微信检测：可能违规，请细看", icon: ErrorTriangleIcon, tone: "danger" },
  unchecked: { label: "微信没能检测，请细看", icon: HelpCircleIcon, tone: "warning" },
};

/** What WeChat's look at a picture came to. */
export const PICTURE_CHECKS: Record<Schema<"SentPictureView">["check"], Status> = {
  pending: { label: "检测中", icon: TimeIcon, tone: "info" },
  passed: { label: "没有问题", icon: CheckCircleIcon, tone: "success" },
  review: { label: "请细看", icon: ErrorTriangleIcon, tone: "warning" },
  rejected: { label: "违规，不会采用", icon: CloseCircleIcon, tone: "danger" },
};

/** Why comments are usually not shown; the citizen reads the reason. */
export const REJECTION_REASONS = [
  "与文章无关",
  "含有广告或联系方式",
  "给出了未经证实的治疗方法",
  "用语不文明",
  "透露了他人的隐私",
];
