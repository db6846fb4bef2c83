import { api, ifMatch, take, type Schema } from "@/api/client";

export type Topic = Schema<"StaffTopicView">;

export async function readTopics(): Promise<Topic[]> {
  return (await take(api.GET("/api/v1/staff/knowledge/topics"))).items;
}

export interface TopicValues {
  name: string;
  name_mn: string;
}

function bodyOf({ name, name_mn: nameMn }: TopicValues) {
  return { name: name.trim(), name_mn: nameMn.trim() || null };
}

export async function addTopic(values: TopicValues): Promise<void> {
  const body = { ...bodyOf(values), position: null };
  await api.POST("/api/v1/staff/knowledge/topics", { body });
}

export async function renameTopic(topic: Topic, values: TopicValues): Promise<void> {
  const params = { path: { topic_id: topic.id }, header: ifMatch(topic.revision) };
  await api.PATCH("/api/v1/staff/knowledge/topics/{topic_id}", { params, body: bodyOf(values) });
}

/** Where a topic has to be put so that it comes to stand there; what it meets there makes room. */
export function positionAt(topics: readonly Topic[], from: number, to: number): number {
  const met = topics[to]?.position ?? 0;
  return from < to ? met + 1 : met;
}

export async function placeTopic(topic: Topic, position: number): Promise<void> {
  const params = { path: { topic_id: topic.id }, header: ifMatch(topic.revision) };
  await api.PATCH("/api/v1/staff/knowledge/topics/{topic_id}", { params, body: { position } });
}

export async function removeTopic(topic: Topic): Promise<void> {
  const params = { path: { topic_id: topic.id }, header: ifMatch(topic.revision) };
  await api.DELETE("/api/v1/staff/knowledge/topics/{topic_id}", { params });
}
