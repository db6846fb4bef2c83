import { api, ifMatch, take } from "@/api/client";
import { Problem } from "@/api/problem";
import { readItem, type Item } from "../editor/item";

/** The steps of an item on its way to readers and back, as requests. */

export type Step =
  | { name: "submit" | "recall" | "unschedule" }
  | { name: "approve" | "confirm_review"; review_again_on: string }
  | { name: "return"; reason: string; comments: { place: string; text: string }[] }
  | { name: "publish"; publish_at: string | null }
  | { name: "withdraw"; reason: string };

/** What has just happened, as it is told. */
export const DONE: Record<Step["name"] | "delete", string> = {
  submit: "已提交，等待医学审核",
  recall: "已撤回，可以修改",
  approve: "审核已通过，等待发布",
  return: "已退回给作者",
  publish: "已发布，市民看得到了",
  unschedule: "已取消定时发布",
  withdraw: "已撤下，市民看不到了",
  confirm_review: "已确认，复审日期已更新",
  delete: "草稿已删除",
};

const ITEM = "/api/v1/staff/knowledge/items/{item_id}";

export async function takeStep(item: Item, revision: number, step: Step): Promise<Item> {
  const params = { path: { item_id: item.id }, header: ifMatch(revision) };
  try {
    return (await send(params, step)) as Item;
  } catch (error) {
    if (!(error instanceof Problem) || !error.isConflict) throw error;
    const detail = "同事刚刚改过这一篇。请关闭这个对话框，刷新页面核对后再决定。";
    throw new Problem(error.status, error.code, detail);
  }
}

function send(
  params: { path: { item_id: number }; header: { "If-Match": string } },
  step: Step,
): Promise<unknown> {
  switch (step.name) {
    case "submit":
      return take(api.POST("/api/v1/staff/knowledge/items/{item_id}/submit", { params }));
    case "recall":
      return take(api.POST("/api/v1/staff/knowledge/items/{item_id}/recall", { params }));
    case "unschedule":
      return take(api.POST("/api/v1/staff/knowledge/items/{item_id}/unschedule", { params }));
    case "approve": {
      const body = { review_again_on: step.review_again_on };
      return take(api.POST("/api/v1/staff/knowledge/items/{item_id}/approve", { params, body }));
    }
    case "confirm_review": {
      const body = { review_again_on: step.review_again_on };
      const path = "/api/v1/staff/knowledge/items/{item_id}/confirm-review";
      return take(api.POST(path, { params, body }));
    }
    case "return": {
      const body = { reason: step.reason, comments: step.comments };
      return take(api.POST("/api/v1/staff/knowledge/items/{item_id}/return", { params, body }));
    }
    case "publish": {
      const body = { publish_at: step.publish_at };
      return take(api.POST("/api/v1/staff/knowledge/items/{item_id}/publish", { params, body }));
    }
    case "withdraw": {
      const body = { reason: step.reason };
      return take(api.POST("/api/v1/staff/knowledge/items/{item_id}/withdraw", { params, body }));
    }
  }
}

export async function deleteItem(item: Item, revision: number): Promise<void> {
  const params = { path: { item_id: item.id }, header: ifMatch(revision) };
  await api.DELETE(ITEM, { params });
}

export interface Settings {
  are_comments_open?: boolean;
  code?: string | null;
}

export async function changeSettings(item: Item, settings: Settings): Promise<Item> {
  const latest = await readItem(item.id);
  const params = { path: { item_id: item.id }, header: ifMatch(latest.revision) };
  return (await take(api.PATCH(ITEM, { params, body: settings }))) as Item;
}
