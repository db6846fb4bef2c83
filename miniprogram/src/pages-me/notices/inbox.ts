import { computed, reactive, ref } from "vue";
import { asProblem } from "@/api/problem";
import { useList } from "@/composables/list";
import { useOwn } from "@/composables/own";
import { listNotices, markAllRead, markRead, type Notice } from "@/domains/notices/api";
import { targetPage } from "@/domains/notices/paths";
import { report, say } from "@/stores/toast";
import { texts } from "@/texts";

/** The person's notices, and which of them are new to them. */
export function useInbox() {
  const list = useList(listNotices);
  // Read since the list came; the mark need not wait for the list to come again.
  const opened = reactive(new Set<number>());
  const isMarking = ref(false);
  const refresh = useOwn({ read: list.reload, drop: list.clear });

  const isUnread = ({ id, read_at: readAt }: Notice) => readAt === null && !opened.has(id);

  function open(notice: Notice): void {
    if (isUnread(notice)) noteOpened(notice.id);
    const url = targetPage(notice);
    if (url !== null) uni.navigateTo({ url });
  }

  function noteOpened(id: number): void {
    opened.add(id);
    markRead(id).catch((error: unknown) => {
      opened.delete(id);
      asProblem(error);
    });
  }

  async function openAll(): Promise<void> {
    isMarking.value = true;
    try {
      await markAllRead();
      list.items.forEach(({ id }) => opened.add(id));
      say(texts().notices.allRead);
    } catch (error) {
      report(error);
    } finally {
      isMarking.value = false;
    }
  }

  return reactive({
    list,
    isMarking,
    hasUnread: computed(() => list.items.some(isUnread)),
    isUnread,
    open,
    openAll,
    refresh,
  });
}
