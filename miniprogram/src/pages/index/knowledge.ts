import { reactive, ref } from "vue";
import { useList } from "@/composables/list";
import { useLoad } from "@/composables/load";
import { listCards, listHotWords, listTopics, type Sort } from "@/domains/knowledge/api";

export type Knowledge = ReturnType<typeof useKnowledge>;

/** What there is of health knowledge, by kind, topic and newest or most read. */
export function useKnowledge() {
  const sort = ref<Sort>("latest");
  const topics = useLoad(listTopics);
  const hotWords = useLoad(listHotWords);
  const list = useList((cursor) => listCards({ sort: sort.value, cursor }));

  function order(chosen: Sort): void {
    sort.value = chosen;
    void list.reload();
  }

  async function refresh(): Promise<void> {
    await Promise.all([
      topics.value ? null : topics.load(),
      hotWords.value ? null : hotWords.load(),
      list.reload(),
    ]);
  }

  return reactive({ sort, topics, hotWords, list, order, refresh, more: list.more });
}
