import { computed, reactive, ref } from "vue";
import { useLoad } from "@/composables/load";
import { useOwn } from "@/composables/own";
import { getPolicy, getProfile, giveConsent, type Policy } from "@/domains/account/api";
import { rememberConsent } from "@/stores/consent";
import { report, say } from "@/stores/toast";
import { texts } from "@/texts";

export type Section = Policy["sections"][number];

/** The policy in force, and whether the person signed in has agreed to it. */
export function usePolicy() {
  const policy = useLoad(getPolicy);
  const profile = useLoad(getProfile);
  const isAgreeing = ref(false);
  const refreshProfile = useOwn({ read: profile.load, drop: profile.clear });

  async function load(): Promise<void> {
    await Promise.all([policy.load(), refreshProfile()]);
  }

  async function agree(): Promise<void> {
    if (!policy.value) return;
    isAgreeing.value = true;
    try {
      await giveConsent(policy.value.version);
      rememberConsent(policy.value.version);
      await profile.load();
      say(texts().policy.agreed);
    } catch (error) {
      report(error);
      // A version newer still may have come meanwhile.
      await policy.load();
    } finally {
      isAgreeing.value = false;
    }
  }

  return reactive({
    policy,
    isAgreeing,
    isConsentOutdated: computed(
      () => policy.value !== null && profile.value !== null && !profile.value.consent?.is_current,
    ),
    load,
    agree,
  });
}
