/** The proofs of a receipt's steps, checked on this device one after the other. */

import { reactive, ref } from "vue";
import type { PublicReceipt, ReceiptStep } from "@/domains/ledger/api";
import { Fault } from "@/domains/ledger/fault";
import { checkStep } from "@/domains/ledger/receipt-check";

export type StepCheck = "busy" | "right" | "wrong";
export type Checks = ReturnType<typeof useChecks>;

export function useChecks() {
  const steps = ref<StepCheck[]>([]);
  let latest = 0;

  async function run(receipt: PublicReceipt): Promise<void> {
    const mine = ++latest;
    steps.value = receipt.steps.map(() => "busy");
    for (const [place, step] of receipt.steps.entries()) {
      // A phone needs a moment for each signature; what it has so far is drawn meanwhile.
      await new Promise((resolve) => setTimeout(resolve));
      if (mine !== latest) return;
      steps.value[place] = isRight(receipt, step) ? "right" : "wrong";
    }
  }

  return reactive({ steps, run });
}

function isRight(receipt: PublicReceipt, step: ReceiptStep): boolean {
  try {
    checkStep(receipt, step);
    return true;
  } catch (error) {
    if (error instanceof Fault) return false;
    throw error;
  }
}
