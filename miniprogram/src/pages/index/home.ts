import { computed, reactive } from "vue";
import { useLoad } from "@/composables/load";
import { listCampaigns, type Campaign } from "@/domains/voting/api";

const RESULTS_SHOWN = 5;

export type Home = ReturnType<typeof useHome>;

/** The latest campaigns, by what can be done with them; one request. */
export function useHome() {
  const latest = useLoad(() => listCampaigns({ limit: 40 }));
  const withStatus = (...statuses: string[]) =>
    computed<Campaign[]>(() =>
      (latest.value?.items ?? []).filter(({ status }) => statuses.includes(status)),
    );
  const closed = withStatus("closed");
  return reactive({
    latest,
    open: withStatus("open", "suspended"),
    soon: withStatus("scheduled"),
    results: computed(() => closed.value.slice(0, RESULTS_SHOWN)),
    refresh: latest.load,
    more: undefined,
  });
}
