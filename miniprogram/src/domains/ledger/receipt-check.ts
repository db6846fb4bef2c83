/** What a receipt's page claims, held against the signed log. */

import type { PublicReceipt, ReceiptStep } from "./api";
import { Fault } from "./fault";
import { parseVerifierKey } from "./note";
import { checkInclusion, parseProof } from "./proof";
import { isFor, parseRecord, type LedgerRecord } from "./records";

/**
 * Checks that the log has each step at its place, and that its record says of this very ballot what
 * the page says: campaign, day and entry, the reason of each decision. Raises Fault.
 */
export function checkStep(receipt: PublicReceipt, step: ReceiptStep): void {
  const proof = parseProof(step.proof);
  if (proof.index !== step.index) throw new Fault("other_record");
  checkInclusion(step.record, proof, parseVerifierKey(receipt.verifier_key));
  const record = parseRecord(step.record);
  if (record.campaign !== receipt.campaign.id || record.type !== step.kind || !says(record)) {
    throw new Fault("other_record");
  }

  function says(record: LedgerRecord): boolean {
    switch (record.type) {
      case "ballot":
        return record.day === receipt.day && isFor(record, receipt.entry.id, receipt.nonce);
      case "openings":
        return record.ballots.some(
          ([index, entry, nonce]) =>
            index === ballotIndex(receipt) && entry === receipt.entry.id && nonce === receipt.nonce,
        );
      case "quarantine":
      case "release":
      case "annulment":
        return record.ballots.includes(ballotIndex(receipt)) && record.reason === step.reason;
      default:
        return false;
    }
  }
}

/** What the steps in the log make of the ballot by now; the newest decision may not be there yet. */
export function sealedState({ steps }: PublicReceipt): PublicReceipt["state"] {
  const ends = { quarantine: "quarantined", annulment: "annulled" } as const;
  const last = [...steps].reverse().find(({ kind }) => kind !== "openings");
  if (!last) return "unsealed";
  return last.kind === "quarantine" || last.kind === "annulment" ? ends[last.kind] : "counted";
}

function ballotIndex({ steps }: PublicReceipt): number {
  return steps.find(({ kind }) => kind === "ballot")?.index ?? -1;
}
