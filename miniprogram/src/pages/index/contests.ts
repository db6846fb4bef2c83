import { reactive, ref } from "vue";
import { useList } from "@/composables/list";
import { useLoad } from "@/composables/load";
import { listCampaigns, listContests, type CampaignStatus } from "@/domains/voting/api";

export const STATUSES = ["open", "scheduled", "closed"] as const satisfies CampaignStatus[];

export type Contests = ReturnType<typeof useContests>;

/** Campaigns by status and contest, page by page. */
export function useContests() {
  const status = ref<CampaignStatus>("open");
  const contest = ref<string>();
  const kinds = useLoad(listContests);
  const list = useList((cursor) =>
    listCampaigns({ status: status.value, contest: contest.value, cursor }),
  );

  function choose(choice: { status?: CampaignStatus; contest?: string | null }): void {
    if (choice.status) status.value = choice.status;
    if (choice.contest !== undefined) contest.value = choice.contest ?? undefined;
    void list.reload();
  }

  async function refresh(): Promise<void> {
    await Promise.all([kinds.value ? null : kinds.load(), list.reload()]);
  }

  return reactive({ status, contest, kinds, list, choose, refresh, more: list.more });
}
