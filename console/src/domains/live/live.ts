import { onScopeDispose, shallowRef, toValue, watch, type MaybeRefOrGetter, type Ref } from "vue";
import { api, take, type Schema } from "@/api/client";
import { asProblem, type Problem } from "@/api/problem";
import { untouchedMs } from "@/session/idle";

export type LiveFigures = Schema<"LiveView">;
export type StandingsRow = LiveFigures["standings"][number];

const EVERY_MS = 5000;
const EVERY_BEFORE_OPENING_MS = 30_000;
/** Asking keeps the session alive, so a desk that was left must stop asking. */
const LEFT_AFTER_MS = 5 * 60_000;

interface Watched {
  id: number;
  opens_at: string;
}

interface Live {
  figures: Readonly<Ref<LiveFigures | null>>;
  /** Why the last attempt gave nothing new; the figures before it stay. */
  problem: Readonly<Ref<Problem | null>>;
  /** Nobody has touched the console for long; `refresh` goes on. */
  isLeft: Readonly<Ref<boolean>>;
  refresh: () => Promise<void>;
}

/**
 * A campaign's figures, read again every few seconds while the page is in sight and can change.
 * With `staysOn`, as on a wall, also while nobody touches anything.
 */
export function useLive(campaign: MaybeRefOrGetter<Watched>, { staysOn = false } = {}): Live {
  const figures = shallowRef<LiveFigures | null>(null);
  const problem = shallowRef<Problem | null>(null);
  const isLeft = shallowRef(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;

  async function refresh(): Promise<void> {
    clearTimeout(timer);
    isLeft.value = false;
    const number = ++asked;
    const path = { campaign_id: toValue(campaign).id };
    try {
      const answer = await take(
        api.GET("/api/v1/staff/campaigns/{campaign_id}/live", { params: { path } }),
      );
      if (number !== asked) return;
      figures.value = answer;
      problem.value = null;
    } catch (error) {
      if (number !== asked) return;
      problem.value = asProblem(error);
    }
    wait();
  }

  function wait(): void {
    if (figures.value?.is_final || problem.value?.isMissing || document.hidden) return;
    const isOpened = Date.now() >= Date.parse(toValue(campaign).opens_at);
    timer = setTimeout(goOn, isOpened ? EVERY_MS : EVERY_BEFORE_OPENING_MS);
  }

  function goOn(): void {
    if (!staysOn && untouchedMs() > LEFT_AFTER_MS) isLeft.value = true;
    else void refresh();
  }

  function onVisibility(): void {
    if (document.hidden) clearTimeout(timer);
    else if (!figures.value?.is_final) void refresh();
  }

  document.addEventListener("visibilitychange", onVisibility);
  onScopeDispose(() => {
    asked++;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", onVisibility);
  });
  watch(
    () => toValue(campaign).id,
    () => {
      figures.value = null;
      void refresh();
    },
    { immediate: true },
  );
  return { figures, problem, isLeft, refresh };
}

/**
 * What may hang on a wall, where everybody reads along: of the standings no more than the campaign
 * shows to people while they vote.
 */
export function forEverybody(figures: LiveFigures, mode: LiveFigures["shown"]): LiveFigures {
  if (mode === "live" || figures.is_final || figures.shown !== "live") return figures;
  if (mode !== "ranks_only") return { ...figures, shown: "hidden", standings: [], by_division: [] };
  const standings = figures.standings
    .filter((row) => !row.is_withdrawn)
    .map((row) => ({ ...row, votes: null }));
  return { ...figures, shown: mode, standings, by_division: [] };
}

/** The portraits of a campaign's entries, by entry; read once, and again when entries are added. */
export function usePortraits(
  campaignId: MaybeRefOrGetter<number>,
  rows: MaybeRefOrGetter<StandingsRow[]>,
): Readonly<Ref<ReadonlyMap<number, string | null>>> {
  const portraits = shallowRef(new Map<number, string | null>());
  let isReading = false;

  watch(
    () => toValue(rows),
    async (current) => {
      const unknown = current.filter((row) => !portraits.value.has(row.entry_id));
      if (!unknown.length || isReading) return;
      isReading = true;
      try {
        const read = await readPortraits(toValue(campaignId));
        portraits.value = new Map([
          ...unknown.map((row) => [row.entry_id, null] as const),
          ...read,
        ]);
      } catch (error) {
        // Without portraits the standings are still right; the next figures ask again.
        asProblem(error);
      } finally {
        isReading = false;
      }
    },
    { immediate: true },
  );
  return portraits;
}

async function readPortraits(campaignId: number): Promise<[number, string | null][]> {
  const found: [number, string | null][] = [];
  let cursor: string | undefined;
  do {
    const params = { path: { campaign_id: campaignId }, query: { limit: 100, cursor } };
    const page = await take(api.GET("/api/v1/staff/campaigns/{campaign_id}/entries", { params }));
    for (const entry of page.items) found.push([entry.id, entry.thumbnail_url]);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return found;
}
