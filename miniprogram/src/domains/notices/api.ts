/** Everything the pages ask of the server about a person's inbox. */

import { get, post, type Page, type Schema } from "@/api/client";

export type Notice = Schema<"NoticeView">;

export function listNotices(cursor?: string): Promise<Page<Notice>> {
  return get("/api/v1/me/notices", { query: { cursor } });
}

export function markRead(id: number): Promise<void> {
  return post("/api/v1/me/notices/{notice_id}/read", { path: { notice_id: id } });
}

export function markAllRead(): Promise<void> {
  return post("/api/v1/me/notices/read-all");
}
