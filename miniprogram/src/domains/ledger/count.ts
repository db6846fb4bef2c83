/** Counting campaigns anew from the log's records alone, with what each record may and may not do. */

import type {
  BallotRecord,
  DecisionRecord,
  LedgerRecord,
  OpeningsRecord,
  ResultRecord,
  RulesRecord,
} from "./records";
import { commitment } from "./records";

/** What is wrong with a campaign's records, in the words' names. */
export type Finding =
  | "overLimit"
  | "unknownEntry"
  | "afterClosing"
  | "wrongClosing"
  | "wrongOpening"
  | "wrongDecision"
  | "afterResult"
  | "wrongResult";

type State = "counted" | "quarantined" | "annulled";

interface CountedBallot {
  voter: string;
  day: string;
  /** Null while only its commitment is known. */
  entry: number | null;
  commitment: string | undefined;
  state: State;
}

/** What each decision makes of a ballot, and of which ones it may be taken. */
const MOVES: Record<DecisionRecord["type"], { from: State[]; to: State }> = {
  quarantine: { from: ["counted"], to: "quarantined" },
  release: { from: ["quarantined", "annulled"], to: "counted" },
  annulment: { from: ["counted", "quarantined"], to: "annulled" },
};

export class CampaignCount {
  title = "";
  isClosed = false;
  hasResult = false;
  /** How many ballots there are, and where they stand. */
  ballots = 0;
  readonly states: Record<State, number> = { counted: 0, quarantined: 0, annulled: 0 };
  /** Ballots whose entry only their commitments know. */
  hidden = 0;
  /** What is wrong, each with the first record that shows it. */
  readonly findings = new Map<Finding, number | null>();
  /** Entries' numbers by their ids. */
  readonly numbers = new Map<number, number>();

  private readonly byIndex = new Map<number, CountedBallot>();
  private readonly votes = new Map<number, number>();
  private readonly withdrawn = new Set<number>();
  private readonly cast = new Map<string, number>();
  private rules: RulesRecord["rules"] | null = null;
  private parts: ResultRecord[] = [];

  constructor(readonly id: number) {}

  take(index: number, record: LedgerRecord): void {
    if (this.hasResult && record.type !== "result") this.refuse("afterResult", index);
    switch (record.type) {
      case "ballot":
        return this.takeBallot(index, record);
      case "rules":
        this.rules = record.rules;
        this.title = record.rules.title;
        return;
      case "entries":
        return record.entries.forEach(([id, number]) => void this.numbers.set(id, number));
      case "withdrawal":
        return void this.withdrawn.add(record.entry);
      case "closing":
        return this.takeClosing(index, record.ballots);
      case "openings":
        return this.takeOpenings(index, record);
      case "result":
        return this.takeResult(index, record);
      case "event":
        return;
      default:
        return this.takeDecision(index, record);
    }
  }

  /** Votes of the entries that stand, by entry; those with none too. */
  standings(): Map<number, number> {
    const ids = [...this.numbers.keys()].filter((id) => !this.withdrawn.has(id));
    ids.sort((one, other) => this.numberOf(one) - this.numberOf(other));
    return new Map(ids.map((id) => [id, this.votes.get(id) ?? 0] as const));
  }

  numberOf(entry: number): number {
    return this.numbers.get(entry) ?? 0;
  }

  /** What can be said only once everything has been read. */
  finish(): void {
    for (const [key, count] of this.cast) {
      if (count > this.limitOf(key)) this.refuse("overLimit", null);
    }
    for (const entry of this.votes.keys()) {
      if (!this.numbers.has(entry)) this.refuse("unknownEntry", null);
    }
  }

  private takeBallot(index: number, record: BallotRecord): void {
    if (this.isClosed) this.refuse("afterClosing", index);
    const { voter, day, entry = null } = record;
    const ballot: CountedBallot = {
      voter,
      day,
      entry,
      commitment: record.commitment,
      state: "counted",
    };
    this.byIndex.set(index, ballot);
    this.ballots += 1;
    this.states.counted += 1;
    this.hidden += entry === null ? 1 : 0;
    add(this.cast, voter, 1);
    add(this.cast, `${voter} ${day}`, 1);
    if (entry !== null) this.noteEntry(ballot, entry);
  }

  /** Now that a ballot's entry is known, it counts for it, unless it is set aside. */
  private noteEntry(ballot: CountedBallot, entry: number): void {
    ballot.entry = entry;
    add(this.cast, `${ballot.voter} ${ballot.day} ${entry}`, 1);
    add(this.votes, entry, ballot.state === "counted" ? 1 : 0);
  }

  private takeClosing(index: number, ballots: number): void {
    if (ballots !== this.ballots || this.isClosed) this.refuse("wrongClosing", index);
    this.isClosed = true;
  }

  private takeOpenings(index: number, record: OpeningsRecord): void {
    for (const [place, entry, nonce] of record.ballots) {
      const ballot = this.byIndex.get(place);
      const isTrue =
        ballot?.entry === null && ballot.commitment === commitment(this.id, entry, nonce);
      if (!isTrue) {
        this.refuse("wrongOpening", index);
      } else {
        this.hidden -= 1;
        this.noteEntry(ballot, entry);
      }
    }
  }

  private takeDecision(index: number, record: DecisionRecord): void {
    const { from, to } = MOVES[record.type];
    for (const place of record.ballots) {
      const ballot = this.byIndex.get(place);
      if (!ballot || !from.includes(ballot.state)) this.refuse("wrongDecision", index);
      else this.move(ballot, to);
    }
  }

  private move(ballot: CountedBallot, to: State): void {
    if (ballot.entry !== null && ballot.state === "counted") add(this.votes, ballot.entry, -1);
    this.states[ballot.state] -= 1;
    this.states[to] += 1;
    ballot.state = to;
    if (ballot.entry !== null && to === "counted") add(this.votes, ballot.entry, 1);
  }

  private takeResult(index: number, record: ResultRecord): void {
    this.parts.push(record);
    this.hasResult = true;
    const isInTurn = record.part === this.parts.length && record.parts >= record.part;
    if (!isInTurn) this.refuse("wrongResult", index);
    if (record.part === record.parts && !this.isRight(record)) this.refuse("wrongResult", index);
  }

  private isRight({ counted, annulled }: ResultRecord): boolean {
    const told = this.parts.flatMap(({ standings }) => standings);
    const own = [...this.standings()];
    const sum = own.reduce((total, [, votes]) => total + votes, 0);
    return (
      JSON.stringify(told) === JSON.stringify(own) &&
      counted === sum &&
      annulled === this.states.annulled &&
      this.states.quarantined === 0
    );
  }

  private limitOf(key: string): number {
    if (!this.rules) return 0;
    const { ballots_in_all: inAll, ballots_per_day: day } = this.rules;
    const limits = [inAll ?? Infinity, day, this.rules.ballots_per_entry_per_day];
    return limits[key.split(" ").length - 1] as number;
  }

  private refuse(finding: Finding, index: number | null): void {
    if (!this.findings.has(finding)) this.findings.set(finding, index);
  }
}

/** All campaigns of a log, counted record by record in the log's order. */
export class Count {
  readonly campaigns = new Map<number, CampaignCount>();

  take(index: number, record: LedgerRecord): void {
    let campaign = this.campaigns.get(record.campaign);
    if (!campaign) {
      campaign = new CampaignCount(record.campaign);
      this.campaigns.set(record.campaign, campaign);
    }
    campaign.take(index, record);
  }

  finish(): CampaignCount[] {
    const all = [...this.campaigns.values()];
    all.forEach((campaign) => campaign.finish());
    return all.sort((one, other) => other.id - one.id);
  }
}

function add<Key>(counts: Map<Key, number>, key: Key, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
