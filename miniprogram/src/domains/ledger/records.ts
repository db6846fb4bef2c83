/** What the log's records say; docs/ledger.md describes them. */

import { toBase64Url, toUtf8 } from "./bytes";
import { Fault } from "./fault";
import { sha256 } from "./merkle";

interface OfCampaign {
  campaign: number;
}

export interface BallotRecord extends OfCampaign {
  type: "ballot";
  day: string;
  voter: string;
  entry?: number;
  nonce?: string;
  commitment?: string;
}

export interface RulesRecord extends OfCampaign {
  type: "rules";
  rules: {
    title: string;
    ballots_per_day: number;
    ballots_per_entry_per_day: number;
    ballots_in_all: number | null;
  };
}

export interface EntriesRecord extends OfCampaign {
  type: "entries";
  entries: [id: number, number: number, nameDigest: string][];
}

export interface WithdrawalRecord extends OfCampaign {
  type: "withdrawal";
  entry: number;
}

export interface EventRecord extends OfCampaign {
  type: "event";
  event: string;
}

export interface DecisionRecord extends OfCampaign {
  type: "quarantine" | "release" | "annulment";
  at: string;
  ballots: number[];
  reason: string | null;
}

export interface ClosingRecord extends OfCampaign {
  type: "closing";
  ballots: number;
}

export interface OpeningsRecord extends OfCampaign {
  type: "openings";
  ballots: [index: number, entry: number, nonce: string][];
}

export interface ResultRecord extends OfCampaign {
  type: "result";
  part: number;
  parts: number;
  counted: number;
  annulled: number;
  standings: [entry: number, votes: number][];
}

export type LedgerRecord =
  | BallotRecord
  | RulesRecord
  | EntriesRecord
  | WithdrawalRecord
  | EventRecord
  | DecisionRecord
  | ClosingRecord
  | OpeningsRecord
  | ResultRecord;

const isNumber = (value: unknown) => Number.isSafeInteger(value);
const isText = (value: unknown) => typeof value === "string";
const isLimit = (value: unknown) => isNumber(value) || value === null;
const areRows =
  (...columns: ((value: unknown) => boolean)[]) =>
  (value: unknown) =>
    Array.isArray(value) &&
    value.every(
      (row) =>
        Array.isArray(row) && columns.every((fits, place) => fits((row as unknown[])[place])),
    );
const areNumbers = (value: unknown) => Array.isArray(value) && value.every(isNumber);
const areRules = (value: unknown) =>
  has(value, {
    title: isText,
    ballots_per_day: isNumber,
    ballots_per_entry_per_day: isNumber,
    ballots_in_all: isLimit,
  });

const isDecision = { at: isText, ballots: areNumbers };
const FORMS: Record<LedgerRecord["type"], Record<string, (value: unknown) => boolean>> = {
  ballot: { day: isText, voter: isText },
  rules: { rules: areRules },
  entries: { entries: areRows(isNumber, isNumber, isText) },
  withdrawal: { entry: isNumber },
  event: { event: isText },
  quarantine: isDecision,
  release: isDecision,
  annulment: isDecision,
  closing: { ballots: isNumber },
  openings: { ballots: areRows(isNumber, isNumber, isText) },
  result: {
    part: isNumber,
    parts: isNumber,
    counted: isNumber,
    annulled: isNumber,
    standings: areRows(isNumber, isNumber),
  },
};

/** Raises Fault for what is no record of these. */
export function parseRecord(text: string): LedgerRecord {
  const record = readJson(text) as LedgerRecord;
  if (!has(record, { type: isText, campaign: isNumber })) throw new Fault("malformed");
  const form = Object.prototype.hasOwnProperty.call(FORMS, record.type) && FORMS[record.type];
  if (!form || !has(record, form)) throw new Fault("malformed");
  if (record.type === "ballot" && !isWholeBallot(record)) throw new Fault("malformed");
  return record;
}

/** What binds a hidden ballot to its entry. */
export function commitment(campaign: number, entry: number, nonce: string): string {
  return toBase64Url(sha256(toUtf8(`${campaign}:${entry}:${nonce}`)));
}

/** Whether a ballot's record is for this entry: openly, or by the commitment that this opens. */
export function isFor(ballot: BallotRecord, entry: number, nonce: string): boolean {
  if (ballot.commitment === undefined) return ballot.entry === entry && ballot.nonce === nonce;
  return ballot.commitment === commitment(ballot.campaign, entry, nonce);
}

function isWholeBallot({ entry, nonce, commitment: bound }: BallotRecord): boolean {
  const isOpen = isNumber(entry) && isText(nonce) && bound === undefined;
  return isOpen || (isText(bound) && entry === undefined && nonce === undefined);
}

function has(value: unknown, form: Record<string, (value: unknown) => boolean>): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(form).every(([name, fits]) =>
    fits((value as Record<string, unknown>)[name]),
  );
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Fault("malformed");
  }
}
