/**
 * Consent to the privacy policy, asked before anything personal. The sheet that asks is drawn by
 * the page in front (components/consent-sheet.vue).
 */

import { reactive } from "vue";
import { getSettings } from "./settings";
import { kept } from "./storage";

interface Question {
  policyVersion: string;
  answer: (isGiven: boolean) => void;
}

/** The version this device's person has said yes to; the server keeps the record. */
const agreed = kept<string | null>("consent", null);

export const consent = reactive<{ question: Question | null }>({ question: null });

/** The version of the policy the person consents to, asked if need be; null if they decline. */
export async function askForConsent(): Promise<string | null> {
  const { policy_version: current } = await getSettings();
  if (agreed.value === current) return current;
  const isGiven = await ask(current);
  if (isGiven) rememberConsent(current);
  return isGiven ? current : null;
}

/** Notes that the person said yes elsewhere than on the sheet. */
export function rememberConsent(policyVersion: string): void {
  agreed.value = policyVersion;
}

export function forgetConsent(): void {
  agreed.value = null;
}

function ask(policyVersion: string): Promise<boolean> {
  consent.question?.answer(false);
  return new Promise((resolve) => {
    consent.question = {
      policyVersion,
      answer(isGiven) {
        consent.question = null;
        resolve(isGiven);
      },
    };
  });
}
