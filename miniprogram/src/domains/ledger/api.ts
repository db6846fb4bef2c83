/** Everything the pages ask of the server about the ledger and what was set aside. */

import { fill } from "@/api/client";
import { send } from "@/api/transport";
import { VERIFIER_ADDRESS } from "./paths";
import type { BallotCount, LedgerView, Objection, PublicReceipt, SetAside } from "./awaited";

export type {
  BallotCount,
  BallotState,
  LedgerView,
  Objection,
  PublicReceipt,
  ReceiptStep,
  SetAside,
} from "./awaited";

export function getLedger(): Promise<LedgerView> {
  return send({ method: "GET", path: "/api/v1/ledger", isAnonymous: true });
}

/** What became of the ballot with this code; asked without saying who asks. */
export function getReceipt(code: string): Promise<PublicReceipt> {
  const path = fill("/api/v1/receipts/{code}", { code });
  return send({ method: "GET", path, isAnonymous: true });
}

/** A picture that leads to the receipt. */
export function receiptCodePicture(code: string): string {
  return fill("/api/v1/receipts/{code}/qr", { code });
}

export function getBallotCount(campaignId: number): Promise<BallotCount> {
  const path = fill("/api/v1/campaigns/{campaign_id}/ballot-count", { campaign_id: campaignId });
  return send({ method: "GET", path });
}

export function getSetAside(campaignId: number): Promise<SetAside> {
  const path = fill("/api/v1/me/campaigns/{campaign_id}/set-aside", { campaign_id: campaignId });
  return send({ method: "GET", path });
}

/** The same key again brings the same objection. */
export function object(campaignId: number, text: string, key: string): Promise<Objection> {
  const path = fill("/api/v1/me/campaigns/{campaign_id}/objection", { campaign_id: campaignId });
  return send({ method: "POST", path, body: { text }, idempotencyKey: key });
}

/** A file of the published log, by its path below the log's address. */
export async function downloadLedgerFile(path: string): Promise<Uint8Array> {
  const sent = { method: "GET", path: `/ledger${path}`, isAnonymous: true } as const;
  return new Uint8Array(await send<ArrayBuffer>({ ...sent, answers: "bytes" }));
}

/** The program that checks everything without these pages. */
export function downloadVerifier(): Promise<ArrayBuffer> {
  return send({ method: "GET", path: VERIFIER_ADDRESS, isAnonymous: true, answers: "bytes" });
}
