import type { Entry } from "./campaigns";

export interface Place {
  entry: Entry;
  rank: number;
  votes: number;
}

/** Places by votes, then by number; equal votes share a rank and the next is skipped (1, 1, 3). */
export function rankEntries(entries: readonly Entry[]): Place[] {
  const known = entries.flatMap((entry) =>
    entry.votes === null || entry.withdrawn_at ? [] : [{ entry, votes: entry.votes }],
  );
  known.sort((one, other) => other.votes - one.votes || one.entry.number - other.entry.number);
  return known.map(({ entry, votes }) => ({
    entry,
    votes,
    rank: known.findIndex((other) => other.votes === votes) + 1,
  }));
}
