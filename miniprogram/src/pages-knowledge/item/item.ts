import { computed, reactive, ref } from "vue";
import { asProblem } from "@/api/problem";
import { useLoad } from "@/composables/load";
import { useOwn } from "@/composables/own";
import {
  getItem,
  getOwnOpinion,
  giveOpinion,
  keepFavourite,
  noteView,
  type Item,
  type OwnOpinion,
  type UnhelpfulReason,
} from "@/domains/knowledge/api";
import { languageToShow } from "@/domains/knowledge/languages";
import { forgetItem, recallItem, rememberItem } from "@/domains/knowledge/read-items";
import { display } from "@/stores/display";
import { ensureSignedIn } from "@/stores/session";
import { report, say } from "@/stores/toast";
import { knowledgeTexts, type Language } from "@/texts/knowledge";

/** So long somebody looks before it counts as read. */
export const VIEW_MS = 3000;

export type ItemPage = ReturnType<typeof useItem>;

/** An item and what this person makes of it. */
export function useItem() {
  const id = ref(0);
  const chosen = ref<Language | null>(null);
  const loaded = useLoad(read);
  const own = useLoad(() => getOwnOpinion(id.value));
  const readOwn = useOwn({ read: own.load, drop: own.clear });
  const isBusy = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isCounted = false;

  const item = computed(() => loaded.value?.item ?? null);
  const language = computed<Language>(() => {
    const wanted = chosen.value ?? (display.isMongolian ? "mn" : "zh");
    return item.value ? languageToShow(item.value, wanted) : wanted;
  });

  /** Without a network what was read before is shown again. */
  async function read(): Promise<{ item: Item; keptAt: string | null }> {
    try {
      const fresh = await getItem(id.value);
      rememberItem(fresh);
      return { item: fresh, keptAt: null };
    } catch (error) {
      const problem = asProblem(error);
      if (problem.isMissing) forgetItem(id.value);
      const known = problem.isPassing ? recallItem(id.value) : null;
      if (!known) throw error;
      return { item: known.item, keptAt: known.readAt };
    }
  }

  async function load(): Promise<void> {
    await Promise.all([loaded.load(), readOwn()]);
  }

  function startCounting(): void {
    stopCounting();
    if (isCounted) return;
    timer = setTimeout(() => {
      isCounted = true;
      // Whether it was counted is nothing to tell a reader.
      noteView(id.value).catch(() => (isCounted = false));
    }, VIEW_MS);
  }

  function stopCounting(): void {
    clearTimeout(timer);
  }

  /** Does something as a signed-in person; whether it was done. */
  async function act(deed: () => Promise<void>): Promise<boolean> {
    if (isBusy.value) return false;
    isBusy.value = true;
    try {
      if (!(await ensureSignedIn())) return false;
      await deed();
      await own.load();
      return true;
    } catch (error) {
      report(error);
      return false;
    } finally {
      isBusy.value = false;
    }
  }

  async function toggleFavourite(): Promise<void> {
    const isKept = !own.value?.is_favourite;
    const words = knowledgeTexts().item;
    if (await act(() => keepFavourite(id.value, isKept))) {
      say(isKept ? words.favouriteAdded : words.favouriteRemoved);
    }
  }

  async function judge(isHelpful: boolean, reason: UnhelpfulReason | null = null): Promise<void> {
    const opinion = { is_helpful: isHelpful, reason };
    if (await act(() => giveOpinion(id.value, opinion))) say(knowledgeTexts().opinion.thanks);
  }

  return reactive({
    id,
    item,
    problem: computed(() => loaded.problem),
    keptAt: computed(() => loaded.value?.keptAt ?? null),
    language,
    half: computed(() => item.value?.[language.value] ?? null),
    own: computed<OwnOpinion | null>(() => own.value),
    isBusy,
    load,
    startCounting,
    stopCounting,
    toggleFavourite,
    judge,
    show: (wanted: Language) => (chosen.value = wanted),
  });
}
