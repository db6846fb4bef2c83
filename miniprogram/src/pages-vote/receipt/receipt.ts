/** A receipt by its code, asked for again while its ballot is on its way into the ledger. */

import { computed, reactive, ref } from "vue";
import { useLoad } from "@/composables/load";
import { getReceipt } from "@/domains/ledger/api";
import { sealedState } from "@/domains/ledger/receipt-check";
import { useChecks } from "./checks";

// The ledger is sealed every few seconds; whoever waits longer asks by hand.
const PAUSES_MS = [2000, 3000, 5000, 8000, 13_000];

export type PublicReceiptOf = ReturnType<typeof useReceipt>;

export function useReceipt() {
  const code = ref("");
  const receipt = useLoad(() => getReceipt(code.value));
  const checks = useChecks();
  const tries = ref(0);
  let timer: ReturnType<typeof setTimeout> | undefined;

  const isOnItsWay = computed(() => {
    const present = receipt.value;
    if (!present) return false;
    return present.state === "unsealed" || sealedState(present) !== present.state;
  });
  const asksAgain = computed(() => isOnItsWay.value && tries.value < PAUSES_MS.length);

  async function load(): Promise<void> {
    stop();
    tries.value = 0;
    await ask();
  }

  async function ask(): Promise<void> {
    await receipt.load();
    if (!receipt.value || receipt.problem) return;
    void checks.run(receipt.value);
    if (asksAgain.value) timer = setTimeout(() => void ask(), PAUSES_MS[tries.value++]);
  }

  function stop(): void {
    clearTimeout(timer);
  }

  return reactive({ code, receipt, checks, isOnItsWay, asksAgain, load, stop });
}
