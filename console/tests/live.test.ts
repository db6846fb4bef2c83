import { expect, it } from "vitest";
import { forEverybody, type LiveFigures } from "@/domains/live/live";

const row = { number: 1, name_mn: null, organization_name: null, is_withdrawn: false };
const figures: LiveFigures = {
  votes: 8,
  voters: 5,
  population: null,
  turnout: null,
  by_hour: [],
  by_day: [],
  by_division: [{ code: "150602", name: "东胜区", name_mn: null, ballots: 8 }],
  by_source: [],
  standings: [
    { ...row, entry_id: 1, name: "娜仁", rank: 1, votes: 6 },
    { ...row, entry_id: 2, name: "巴图", rank: null, votes: 2, is_withdrawn: true },
  ],
  shown: "live",
  is_final: false,
  is_frozen: false,
  standings_as_of: "2026-11-20T04:00:00Z",
  as_of: "2026-11-20T04:00:00Z",
};

it("shows on a wall no more of the standings than people may see", () => {
  expect(forEverybody(figures, "live")).toBe(figures);
  for (const mode of ["hidden", "delayed"] as const) {
    const shown = forEverybody(figures, mode);
    expect([shown.shown, shown.standings, shown.by_division]).toEqual(["hidden", [], []]);
    expect(shown.votes).toBe(8);
  }
  const ranks = forEverybody(figures, "ranks_only");
  expect(ranks.standings.map(({ name, rank, votes }) => [name, rank, votes])).toEqual([
    ["娜仁", 1, null],
  ]);
  expect(ranks.by_division).toEqual([]);
});

it("shows everything on a wall once it is final", () => {
  const final = { ...figures, is_final: true };
  expect(forEverybody(final, "hidden")).toBe(final);
});
