/** Everything the pages ask of the server about the ledger and what was set aside. */

import { fill, get, post, type Schema } from "@/api/client";
import { send } from "@/api/transport";
import { VERIFIER_ADDRESS } from "./paths";

export type LedgerView = Schema<"LedgerView">;
export type PublicReceipt = Schema<"ReceiptView">;
export type ReceiptStep = PublicReceipt["steps"][number];
export type BallotState = PublicReceipt["state"];
export type BallotCount = Schema<"BallotCountView">;
export type SetAside = Schema<"OwnSetAsideView">;
export type Objection = Schema<"ObjectionView">;

export function getLedger(): Promise<LedgerView> {
  return get("/api/v1/ledger", { isAnonymous: true });
}

/** What became of the ballot with this code; asked without saying who asks. */
export function getReceipt(code: string): Promise<PublicReceipt> {
  return get("/api/v1/receipts/{code}", { path: { code }, isAnonymous: true });
}

/** A picture that leads to the receipt. */
export function receiptCodePicture(code: string): string {
  return fill("/api/v1/receipts/{code}/qr", { code });
}

export function getBallotCount(campaignId: number): Promise<BallotCount> {
  return get("/api/v1/campaigns/{campaign_id}/ballot-count", {
    path: { campaign_id: campaignId },
  });
}

export function getSetAside(campaignId: number): Promise<SetAside> {
  return get("/api/v1/me/campaigns/{campaign_id}/set-aside", {
    path: { campaign_id: campaignId },
  });
}

/** The same key again brings the same objection. */
export function object(campaignId: number, text: string, key: string): Promise<Objection> {
  return post("/api/v1/me/campaigns/{campaign_id}/objection", {
    path: { campaign_id: campaignId },
    body: { text },
    idempotencyKey: key,
  });
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
