import { computed, reactive, ref } from "vue";
import { useList } from "@/composables/list";
import { useOwn } from "@/composables/own";
import {
  listContributions,
  listFavourites,
  listOwnComments,
  listOwnReports,
  removeComment,
} from "@/domains/knowledge/api";
import { inEither } from "@/domains/knowledge/languages";
import { contributionPage, itemPage, type MineTab } from "@/domains/knowledge/paths";
import { report, say } from "@/stores/toast";
import { knowledgeTexts } from "@/texts/knowledge";

export const TABS: readonly MineTab[] = [
  "favourites",
  "read",
  "reports",
  "comments",
  "contributions",
];

/** What one wrote oneself, and what became of it. */
export interface OwnRow {
  id: number;
  gravity: "open" | "done" | "refused";
  state: string;
  title: string;
  text: string;
  answer: string;
  createdAt: string;
  /** Null where there is nothing to go to. */
  url: string | null;
  isRemovable: boolean;
}

const GRAVITY = {
  open: "open",
  corrected: "done",
  declined: "refused",
  pending: "open",
  shown: "done",
  rejected: "refused",
  received: "open",
  accepted: "done",
} as const;

export function useMine() {
  const tab = ref<MineTab>("favourites");
  const lists = {
    favourites: useList(listFavourites),
    reports: useList(listOwnReports),
    comments: useList(listOwnComments),
    contributions: useList(listContributions),
  };

  const list = computed(() => (tab.value === "read" ? null : lists[tab.value]));
  const refresh = useOwn({
    read: async () => list.value?.reload(),
    drop: () => Object.values(lists).forEach((each) => each.clear()),
  });

  const rows = computed<OwnRow[]>(() => {
    if (tab.value === "reports") return lists.reports.items.map(rowOfReport);
    if (tab.value === "comments") return lists.comments.items.map(rowOfComment);
    if (tab.value === "contributions") return lists.contributions.items.map(rowOfContribution);
    return [];
  });

  function choose(chosen: MineTab): void {
    tab.value = chosen;
    void refresh();
  }

  async function remove(id: number): Promise<void> {
    try {
      await removeComment(id);
      say(knowledgeTexts().comments.removed);
      await lists.comments.reload();
    } catch (error) {
      report(error);
    }
  }

  return reactive({ tab, lists, list, rows, choose, refresh, remove });
}

type Report = Awaited<ReturnType<typeof listOwnReports>>["items"][number];
type Comment = Awaited<ReturnType<typeof listOwnComments>>["items"][number];
type Contribution = Awaited<ReturnType<typeof listContributions>>["items"][number];
type Named = { name: string | null; name_mn: string | null } | null;

function nameOf(item: Named): string {
  return item ? inEither(item.name, item.name_mn) : "";
}

function rowOfReport(report: Report): OwnRow {
  const words = knowledgeTexts();
  return {
    id: report.id,
    gravity: GRAVITY[report.state],
    state: words.report.states[report.state],
    title: nameOf(report.item),
    text: report.text,
    answer: report.answer ?? "",
    createdAt: report.created_at,
    url: report.item && itemPage(report.item_id),
    isRemovable: false,
  };
}

function rowOfComment(comment: Comment): OwnRow {
  const words = knowledgeTexts().comments;
  return {
    id: comment.id,
    gravity: GRAVITY[comment.state],
    state: words.states[comment.state],
    title: nameOf(comment.item),
    text: comment.text,
    answer: comment.reason ? words.reason(comment.reason) : "",
    createdAt: comment.created_at,
    url: comment.item && itemPage(comment.item_id),
    isRemovable: true,
  };
}

function rowOfContribution(contribution: Contribution): OwnRow {
  const words = knowledgeTexts().contribute;
  return {
    id: contribution.id,
    gravity: GRAVITY[contribution.state],
    state: words.states[contribution.state],
    title: contribution.title,
    text: "",
    answer: contribution.answer ?? "",
    createdAt: contribution.created_at,
    url: contributionPage(contribution.id),
    isRemovable: false,
  };
}
