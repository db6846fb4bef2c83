/** Reading the whole log on this device, proving that it is the signed one, and counting it. */

import { fromUtf8, isSame } from "./bytes";
import { Count, type CampaignCount } from "./count";
import { Fault } from "./fault";
import { GrowingTree, leafHash } from "./merkle";
import { openCheckpoint, parseVerifierKey, type Checkpoint } from "./note";
import { parseRecord, type LedgerRecord } from "./records";
import { BUNDLE, bundlePath, bundlesOf, splitBundle } from "./tiles";

// Enough to keep a slow line busy, and little enough for a phone.
const AHEAD = 4;

export interface Recount {
  checkpoint: Checkpoint;
  campaigns: CampaignCount[];
}

export interface RecountOptions {
  verifierKey: string;
  /** A file of the log's, by its path below the log's address; raises Problem. */
  download: (path: string) => Promise<Uint8Array>;
  /** An earlier checkpoint, which this log must have grown from. */
  known?: Checkpoint | null;
  onProgress?: (read: number, size: number, bytes: number) => void;
  /** Asked between bundles; true ends the recount without a result. */
  isStopped?: () => boolean;
}

/** Null when it was stopped; raises Fault, and what `download` raises. */
export async function recount(options: RecountOptions): Promise<Recount | null> {
  const { verifierKey, download, known = null, isStopped = () => false } = options;
  const note = fromUtf8(await download("/checkpoint"));
  const checkpoint = openCheckpoint(note, parseVerifierKey(verifierKey));
  const { size } = checkpoint;
  if (known && known.size > size) throw new Fault("forgotten");

  const [tree, count] = [new GrowingTree(), new Count()];
  const ask = (number: number) => download(bundlePath(number, size));
  const asked = ahead(ask, bundlesOf(size));
  let [bytes, areReadable] = [0, true];
  checkKnown(tree, known);
  for (let number = 0; number < bundlesOf(size); number++) {
    const bundle = await asked.next();
    if (isStopped()) return null;
    bytes += bundle.length;
    for (const record of splitBundle(bundle, Math.min(BUNDLE, size - number * BUNDLE))) {
      const said = readRecord(record);
      if (said) count.take(tree.size, said);
      else areReadable = false;
      tree.append(leafHash(record));
      checkKnown(tree, known);
    }
    options.onProgress?.(tree.size, size, bytes);
  }
  if (!isSame(tree.root(), checkpoint.root)) throw new Fault("other_root");
  // Said only now: whatever was signed is known to be unreadable, not changed on its way.
  if (!areReadable) throw new Fault("malformed");
  return { checkpoint, campaigns: count.finish() };
}

/** Null for what is no record. */
function readRecord(bytes: Uint8Array): LedgerRecord | null {
  try {
    return parseRecord(fromUtf8(bytes));
  } catch (error) {
    if (error instanceof Fault || error instanceof URIError) return null;
    throw error;
  }
}

/** A log that has forgotten or changed what it said earlier is not the same log. */
function checkKnown(tree: GrowingTree, known: Checkpoint | null): void {
  if (known?.size === tree.size && !isSame(tree.root(), known.root)) throw new Fault("forgotten");
}

/** Asks for the first things before they are needed, and gives them in order. */
function ahead<Answer>(ask: (number: number) => Promise<Answer>, count: number) {
  const waiting: Promise<Answer>[] = [];
  let asked = 0;
  const askMore = () => {
    while (asked < count && waiting.length < AHEAD) {
      const answer = ask(asked++);
      // Whoever waits for it hears of its failure; until then it is nobody's.
      answer.catch(() => undefined);
      waiting.push(answer);
    }
  };
  return {
    async next(): Promise<Answer> {
      askMore();
      const answer = await (waiting.shift() as Promise<Answer>);
      askMore();
      return answer;
    },
  };
}
