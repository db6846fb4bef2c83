import { computed, reactive, ref } from "vue";
import { useLoad } from "@/composables/load";
import { useOwn } from "@/composables/own";
import {
  bindPhone,
  exportData,
  getProfile,
  listConsents,
  type Consent,
  type ExportFormat,
  type Profile,
} from "@/domains/account/api";
import { platform } from "@/platform";
import { report, say } from "@/stores/toast";
import { texts } from "@/texts";

interface Held {
  profile: Profile;
  consents: Consent[];
}

export type OwnData = ReturnType<typeof useOwnData>;

/** What is held about the person, and what can be done with it without losing any. */
export function useOwnData() {
  const held = useLoad<Held>(async () => {
    const [profile, consents] = await Promise.all([getProfile(), listConsents()]);
    return { profile, consents };
  });
  const refresh = useOwn({ read: held.load, drop: held.clear });
  const underWay = ref<"phone" | ExportFormat | null>(null);

  /** One thing at a time, with what goes wrong said. */
  async function act(what: "phone" | ExportFormat, run: () => Promise<unknown>): Promise<void> {
    underWay.value = what;
    try {
      await run();
    } catch (error) {
      report(error);
    } finally {
      underWay.value = null;
    }
  }

  /** With WeChat's code; null when the person turned back. */
  async function bind(code: string | null): Promise<void> {
    if (code === null) return;
    await act("phone", async () => {
      await bindPhone(code);
      say(texts().data.bound);
      await held.load();
    });
  }

  async function take(format: ExportFormat): Promise<void> {
    await act(format, async () => {
      const file = await exportData(format);
      const isShown = await platform.openFile(file, `${texts().data.exportName}.${format}`);
      if (isShown) say(texts().data.exported);
    });
  }

  return reactive({
    held,
    underWay,
    isConsentOutdated: computed(
      () => held.value !== null && held.value.profile.consent?.is_current !== true,
    ),
    refresh,
    bind,
    take,
  });
}
