/** Answers of routes that the generated description does not know yet; goes when it does. */

export interface NamedView {
  id: number;
  name: string;
  name_mn: string | null;
}

export type BallotState = "unsealed" | "counted" | "quarantined" | "annulled";
export type StepKind = "ballot" | "openings" | "quarantine" | "release" | "annulment";

export interface ReceiptStep {
  kind: StepKind;
  at: string | null;
  reason: string | null;
  index: number;
  record: string;
  proof: string;
}

export interface PublicReceipt {
  code: string;
  campaign: {
    id: number;
    title: string;
    title_mn: string | null;
    contest_code: string;
    status: string;
    result_published_at: string | null;
  };
  entry: NamedView & { number: number };
  day: string;
  nonce: string;
  state: BallotState;
  reason: string | null;
  steps: ReceiptStep[];
  checkpoint: { size: number; root: string; sealed_at: string; note: string } | null;
  verifier_key: string;
}

export interface LedgerView {
  origin: string;
  verifier_key: string;
  size: number;
  root: string;
  sealed_at: string | null;
  prefix: string;
}

export interface BallotCount {
  cast: number | null;
  counted: number | null;
  quarantined: number;
  annulled: number;
  reasons: { reason: string; ballots: number }[];
  by_entry: { entry_id: number; counted: number; quarantined: number; annulled: number }[];
  is_final: boolean;
  as_of: string;
}

export interface Objection {
  text: string;
  created_at: string;
  state: string;
  answer: string | null;
  answered_at: string | null;
}

export interface SetAside {
  ballots: {
    ballot_id: number;
    entry_id: number;
    state: string;
    reason: string | null;
    quarantined_at: string;
    decided_at: string | null;
  }[];
  objection: Objection | null;
  may_object: boolean;
}
