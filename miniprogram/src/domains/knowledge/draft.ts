/**
 * What somebody writes about an item. It stays on the device until the server has it, with the key
 * under which it can arrive only once.
 */

import { computed, reactive, ref, type Ref } from "vue";
import { asProblem, type Problem } from "@/api/problem";
import { newKey } from "@/domains/voting/waiting-ballots";
import { onSignedOut } from "@/stores/session";
import { kept } from "@/stores/storage";

interface Kept {
  text: string;
  /** Of this very text: what is written anew is something else. */
  key: string;
}

export type Draft = ReturnType<typeof useDraft>;

/** Drafts of one purpose, such as "report", each about one item. */
export function useDraft(
  purpose: string,
  itemId: Ref<number>,
  shortest: number,
  deliver: (id: number, text: string, key: string) => Promise<unknown>,
) {
  const drafts = kept<Record<string, Kept>>(`knowledge-${purpose}-drafts`, {});
  const isBusy = ref(false);
  const isTooShort = ref(false);
  const problem = ref<Problem | null>(null);
  const text = computed(() => drafts.value[itemId.value]?.text ?? "");

  function write(typed: string): void {
    if (typed === text.value) return;
    isTooShort.value = false;
    drafts.value = { ...drafts.value, [itemId.value]: { text: typed, key: newKey() } };
  }

  /** Whether the server has it now. */
  async function send(): Promise<boolean> {
    const draft = drafts.value[itemId.value];
    isTooShort.value = text.value.trim().length < shortest;
    if (!draft || isTooShort.value || isBusy.value) return false;
    isBusy.value = true;
    problem.value = null;
    try {
      await deliver(itemId.value, draft.text.trim(), draft.key);
      const others = Object.entries(drafts.value).filter(([id]) => Number(id) !== itemId.value);
      drafts.value = Object.fromEntries(others);
      return true;
    } catch (error) {
      problem.value = asProblem(error);
      return false;
    } finally {
      isBusy.value = false;
    }
  }

  // Nobody reads what another person was about to say.
  onSignedOut(() => (drafts.value = {}));

  return reactive({ text, isBusy, isTooShort, problem, write, send });
}
