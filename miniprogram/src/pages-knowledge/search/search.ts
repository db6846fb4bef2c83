import { computed, reactive, ref, shallowRef } from "vue";
import { useList } from "@/composables/list";
import { useLoad } from "@/composables/load";
import {
  listHotWords,
  listTopics,
  noteSearchedName,
  search,
  suggest,
  type Hit,
  type Kind,
  type SearchAnswer,
  type Suggestion,
} from "@/domains/knowledge/api";
import { rememberSearch } from "@/domains/knowledge/history";
import { useSuggesting } from "@/domains/knowledge/suggesting";

export type Search = ReturnType<typeof useSearch>;

/** What somebody types and searches for, with suggestions, results and how to narrow them down. */
export function useSearch() {
  const typed = ref("");
  /** Null while somebody is typing. */
  const searched = ref<string | null>(null);
  const kind = ref<Kind | null>(null);
  const topicId = ref<number | null>(null);
  const answer = shallowRef<SearchAnswer | null>(null);
  const hotWords = useLoad(listHotWords);
  const topics = useLoad(listTopics);
  const suggesting = useSuggesting<Suggestion>(suggest);
  const hits = useList<Hit>(async (cursor) => {
    const words = searched.value ?? "";
    const filter = { kind: kind.value ?? undefined, topic_id: topicId.value ?? undefined, cursor };
    const page = await search(words, filter);
    if (cursor === undefined && words === searched.value) answer.value = page;
    return page;
  });

  function type(words: string): void {
    typed.value = words;
    searched.value = null;
    suggesting.type(words);
  }

  function find(words: string): void {
    const wanted = words.trim();
    if (!wanted) return;
    typed.value = searched.value = wanted;
    kind.value = topicId.value = null;
    answer.value = null;
    suggesting.clear();
    hits.clear();
    rememberSearch(wanted);
    void hits.reload();
  }

  /** A hot word is one that others found: it counts again. */
  function findHotWord(word: string): void {
    noteName(word);
    find(word);
  }

  function narrow(choice: { kind?: Kind | null; topicId?: number | null }): void {
    if (choice.kind !== undefined) kind.value = choice.kind;
    if (choice.topicId !== undefined) topicId.value = choice.topicId;
    void hits.reload();
  }

  async function begin(): Promise<void> {
    await Promise.all([hotWords.load(), topics.load()]);
  }

  return reactive({
    typed,
    searched,
    kind,
    topicId,
    answer,
    hotWords,
    topics,
    suggestions: computed(() => suggesting.items),
    hits,
    isNarrowed: computed(() => kind.value !== null || topicId.value !== null),
    type,
    find,
    findHotWord,
    narrow,
    begin,
  });
}

/** Only a help for others: it may fail in silence. */
export function noteName(name: string): void {
  noteSearchedName(name).catch(() => undefined);
}
