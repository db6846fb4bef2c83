import { computed, reactive, ref } from "vue";
import { erase, signOutEverywhere, unbindPhone, withdrawConsent } from "@/domains/account/api";
import { forgetConsent } from "@/stores/consent";
import { forgetSession } from "@/stores/session";
import { report, say } from "@/stores/toast";
import { texts, type Texts } from "@/texts";

/** What cannot simply be undone, and so is asked about first. */
export type Step = "unbind" | "everywhere" | "withdraw" | "erase";

interface Words {
  title: string;
  hint: string;
  /** Said once more where nothing brings back what goes. */
  warning?: string;
  confirm: string;
  done: string;
}

const RUNS: Record<Step, () => Promise<unknown>> = {
  unbind: unbindPhone,
  everywhere: async () => {
    await signOutEverywhere();
    forgetSession();
  },
  withdraw: async () => {
    await withdrawConsent();
    forgetConsent();
    forgetSession();
  },
  erase: async () => {
    await erase();
    forgetConsent();
    forgetSession();
  },
};

function wordsOf(step: Step, { data: words }: Texts): Words {
  const all: Record<Step, Words> = {
    unbind: {
      title: words.unbindPhone,
      hint: words.unbindHint,
      confirm: words.unbindPhone,
      done: words.unbound,
    },
    everywhere: {
      title: words.everywhere,
      hint: words.everywhereAsk,
      confirm: words.everywhereYes,
      done: words.leftEverywhere,
    },
    withdraw: {
      title: words.withdraw,
      hint: words.withdrawHint,
      confirm: words.withdraw,
      done: words.withdrawn,
    },
    erase: {
      title: words.erase,
      hint: words.eraseHint,
      warning: words.eraseConfirm,
      confirm: words.eraseYes,
      done: words.erased,
    },
  };
  return all[step];
}

/** The step that is asked about, if any; `afterwards` follows each that was taken. */
export function useSteps(afterwards: () => Promise<void>) {
  const step = ref<Step | null>(null);
  const isBusy = ref(false);

  async function confirm(): Promise<void> {
    const taken = step.value;
    if (taken === null || isBusy.value) return;
    isBusy.value = true;
    try {
      await RUNS[taken]();
      step.value = null;
      say(wordsOf(taken, texts()).done);
      await afterwards();
    } catch (error) {
      report(error);
    } finally {
      isBusy.value = false;
    }
  }

  return reactive({
    step,
    isBusy,
    words: computed(() => (step.value === null ? null : wordsOf(step.value, texts()))),
    ask: (asked: Step) => (step.value = asked),
    close: () => {
      if (!isBusy.value) step.value = null;
    },
    confirm,
  });
}

export type Steps = ReturnType<typeof useSteps>;
