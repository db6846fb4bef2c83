import { api, take } from "@/api/client";
import { may } from "@/session/session";
import type { Permission } from "@/texts/permissions";

/** A part of the list: all items, or those that wait for something. */
export interface Part {
  /** The server's name for it; empty for all. */
  name: string;
  title: string;
  emptyText: string;
  /** Under which name the dashboard counts it. */
  work?: string;
}

const PARTS: (Part & { permissions: Permission[] })[] = [
  {
    name: "review",
    title: "待我审核",
    emptyText: "没有等您审核的条目。作者提交以后，会出现在这里。",
    work: "knowledge_to_review",
    permissions: ["review_knowledge"],
  },
  {
    name: "publish",
    title: "待发布",
    emptyText: "没有等待发布的条目。医学审核通过以后，会出现在这里。",
    work: "knowledge_to_publish",
    permissions: ["publish_knowledge"],
  },
  {
    name: "mine",
    title: "我在写的",
    emptyText: "您没有在写的草稿，也没有退回给您的条目。",
    work: "knowledge_returned",
    permissions: ["write_knowledge"],
  },
  {
    name: "due",
    title: "到期复审",
    emptyText: "没有到期要复审的条目。",
    work: "knowledge_review_due",
    permissions: ["review_knowledge", "publish_knowledge"],
  },
  {
    name: "stale",
    title: "译文待更新",
    emptyText: "译文都跟上了原文。",
    work: "translations_stale",
    permissions: ["write_knowledge"],
  },
];

export const ALL: Part = {
  name: "",
  title: "全部",
  emptyText: "还没有健康知识。写好的条目经医学审核、发布以后，市民就能看到。",
};

/** The parts that concern this person, all items last. */
export function partsFor(): Part[] {
  return [...PARTS.filter(({ permissions }) => permissions.some(may)), ALL];
}

/** How much of each kind of work waits, as the dashboard has it. */
export async function readWaiting(): Promise<ReadonlyMap<string, number>> {
  const { waiting } = await take(api.GET("/api/v1/staff/dashboard"));
  return new Map(waiting.map(({ kind, count }) => [kind, count]));
}
