/** Voting for entries of one campaign: what is left, what is under way, what came of it. */

import { computed, reactive, ref } from "vue";
import { Problem, asProblem } from "@/api/problem";
import { ensureSignedIn, isSignedIn } from "@/stores/session";
import { report } from "@/stores/toast";
import {
  getRemaining,
  type Campaign,
  type Entry,
  type Receipt,
  type Remaining,
  type Source,
} from "./api";
import {
  giveUpBallot,
  newKey,
  sendBallot,
  waitingBallots,
  type WaitingBallot,
} from "./waiting-ballots";

/** What the sheet after a tap on "vote" tells. */
export type Told =
  | { kind: "counted"; receipt: Receipt; entryName: string }
  | { kind: "waiting"; ballot: WaitingBallot }
  | { kind: "refused"; problem: Problem };

export type Vote = ReturnType<typeof useVote>;

/** `campaign` may still be on its way; nobody can vote before it is there. */
export function useVote(campaign: () => Campaign | null) {
  const remaining = ref<Remaining | null>(null);
  const casting = ref<number | null>(null);
  const told = ref<Told | null>(null);

  const isOpen = computed(() => campaign()?.status === "open");
  const leftToday = computed(() =>
    remaining.value ? remaining.value.today : (campaign()?.rules.ballots_per_day ?? 0),
  );
  const waiting = computed(() =>
    waitingBallots.items.filter((ballot) => ballot.campaignId === campaign()?.id),
  );

  /** How many ballots the person still has for this entry today. */
  function leftFor(entryId: number): number {
    const present = remaining.value;
    const unheardOf = present?.today_for_entry ?? campaign()?.rules.ballots_per_entry_per_day ?? 0;
    const cast = present?.entries_today.find((each) => each.entry_id === entryId);
    return Math.min(leftToday.value, cast?.left ?? unheardOf);
  }

  function hasVotedToday(entryId: number): boolean {
    return remaining.value?.entries_today.some((each) => each.entry_id === entryId) ?? false;
  }

  async function readRemaining(): Promise<void> {
    const present = campaign();
    if (!present || !isSignedIn.value) return;
    try {
      remaining.value = await getRemaining(present.id);
    } catch (error) {
      // Without it the server still decides; only the hint is missing.
      asProblem(error);
    }
  }

  async function cast(entry: Entry, source: Source): Promise<void> {
    if (casting.value !== null) return;
    casting.value = entry.id;
    try {
      if (await ensureSignedIn()) await send(ballotFor(entry, source));
    } catch (error) {
      report(error);
    } finally {
      casting.value = null;
    }
  }

  async function send(ballot: WaitingBallot): Promise<void> {
    const outcome = await sendBallot(ballot);
    if ("receipt" in outcome) {
      told.value = { kind: "counted", receipt: outcome.receipt, entryName: ballot.entryName };
    } else if ("problem" in outcome) {
      told.value = { kind: "refused", problem: outcome.problem };
    } else {
      told.value = { kind: "waiting", ballot };
    }
    await readRemaining();
  }

  function giveUp(key: string): void {
    giveUpBallot(key);
    told.value = null;
  }

  function close(): void {
    told.value = null;
  }

  return reactive({
    remaining,
    casting,
    told,
    isOpen,
    leftToday,
    waiting,
    leftFor,
    hasVotedToday,
    readRemaining,
    cast,
    send,
    giveUp,
    close,
  });
}

/** The same entry again while its ballot waits is that ballot. */
function ballotFor(entry: Entry, source: Source): WaitingBallot {
  const { campaign_id: campaignId, id: entryId, name: entryName } = entry;
  const kept = waitingBallots.items.find((ballot) => ballot.entryId === entryId);
  return kept ?? { campaignId, entryId, entryName, source, key: newKey() };
}
