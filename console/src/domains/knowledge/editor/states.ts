import {
  CheckCircleIcon,
  EditIcon,
  RollbackIcon,
  SendIcon,
  StopCircleIcon,
  TimeIcon,
  UserCheckedIcon,
} from "tdesign-icons-vue-next";
import type { Status } from "@/texts/status";
import type { Item } from "./item";

/** Where an item stands on its way to readers. */
export const ITEM_STATES: Record<Item["state"], Status> = {
  draft: { label: "草稿", icon: EditIcon, tone: "neutral" },
  submitted: { label: "待医学审核", icon: SendIcon, tone: "info" },
  returned: { label: "已退回", icon: RollbackIcon, tone: "warning" },
  approved: { label: "审核通过，待发布", icon: UserCheckedIcon, tone: "primary" },
  scheduled: { label: "定时发布", icon: TimeIcon, tone: "info" },
  published: { label: "已发布", icon: CheckCircleIcon, tone: "success" },
  withdrawn: { label: "已撤下", icon: StopCircleIcon, tone: "neutral" },
};
