/**
 * Ballots that the network lost on their way. They are kept on the device with their key, so that
 * sending them again, even after a restart, can never count twice.
 */

import { reactive } from "vue";
import { asProblem, type Problem } from "@/api/problem";
import { onReconnected } from "@/stores/network";
import { isSignedIn, onSignedOut } from "@/stores/session";
import { kept } from "@/stores/storage";
import { castBallot, type Receipt, type Source } from "./api";

export interface WaitingBallot {
  campaignId: number;
  entryId: number;
  entryName: string;
  source: Source;
  key: string;
}

/** What became of a ballot: counted, refused, or still waiting for the network. */
export type Outcome = { receipt: Receipt } | { problem: Problem } | { isWaiting: true };

const waiting = kept<WaitingBallot[]>("waiting-ballots", []);
const underWay = new Set<string>();

export const waitingBallots = reactive({ items: waiting });

/** Sends a ballot; it is kept until the server has answered. */
export function sendBallot(ballot: WaitingBallot): Promise<Outcome> {
  if (!waiting.value.some(({ key }) => key === ballot.key)) {
    waiting.value = [...waiting.value, ballot];
  }
  return deliver(ballot);
}

/** Sends all that wait, one after the other. */
export async function sendWaitingBallots(): Promise<void> {
  if (!isSignedIn.value) return;
  for (const ballot of [...waiting.value]) {
    if (!underWay.has(ballot.key)) await deliver(ballot);
  }
}

export function giveUpBallot(key: string): void {
  waiting.value = waiting.value.filter((ballot) => ballot.key !== key);
}

export function newKey(): string {
  const part = () =>
    Math.floor(Math.random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
  return [Date.now().toString(16), part(), part(), part()].join("-");
}

async function deliver(ballot: WaitingBallot): Promise<Outcome> {
  underWay.add(ballot.key);
  try {
    const receipt = await castBallot(ballot);
    giveUpBallot(ballot.key);
    return { receipt };
  } catch (error) {
    const problem = asProblem(error);
    if (problem.isPassing) return { isWaiting: true };
    giveUpBallot(ballot.key);
    return { problem };
  } finally {
    underWay.delete(ballot.key);
  }
}

// Another person must not cast what this one left waiting.
onSignedOut(() => (waiting.value = []));
onReconnected(() => void sendWaitingBallots());
