/**
 * A person's objection in one campaign. What they wrote stays on the device until the server has
 * it, with the key under which it can arrive only once.
 */

import { computed, reactive, ref, type Ref } from "vue";
import { asProblem, type Problem } from "@/api/problem";
import { object } from "@/domains/ledger/api";
import { newKey } from "@/domains/voting/waiting-ballots";
import { onSignedOut } from "@/stores/session";
import { kept } from "@/stores/storage";

interface Draft {
  text: string;
  /** Of this very text: what is written anew is another objection. */
  key: string;
}

export const SHORTEST = 5;
export const LONGEST = 1000;

const drafts = kept<Record<string, Draft>>("objections", {});

export type ObjectionDraft = ReturnType<typeof useObjection>;

export function useObjection(campaignId: Ref<number>) {
  const isBusy = ref(false);
  const isTooShort = ref(false);
  const problem = ref<Problem | null>(null);

  const text = computed(() => drafts.value[campaignId.value]?.text ?? "");

  function write(typed: string): void {
    if (typed === text.value) return;
    isTooShort.value = false;
    drafts.value = { ...drafts.value, [campaignId.value]: { text: typed, key: newKey() } };
  }

  /** Whether the server has it now. */
  async function send(): Promise<boolean> {
    const draft = drafts.value[campaignId.value];
    isTooShort.value = text.value.trim().length < SHORTEST;
    if (!draft || isTooShort.value || isBusy.value) return false;
    isBusy.value = true;
    problem.value = null;
    try {
      await object(campaignId.value, draft.text.trim(), draft.key);
      forget();
      return true;
    } catch (error) {
      problem.value = asProblem(error);
      return false;
    } finally {
      isBusy.value = false;
    }
  }

  function forget(): void {
    const others = Object.entries(drafts.value).filter(([id]) => Number(id) !== campaignId.value);
    drafts.value = Object.fromEntries(others);
  }

  return reactive({ text, isBusy, isTooShort, problem, write, send });
}

// Nobody reads what another person was about to say.
onSignedOut(() => (drafts.value = {}));
