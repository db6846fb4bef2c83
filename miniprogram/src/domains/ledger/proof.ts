/** Proofs that a record is in the log (c2sp.org/tlog-proof). */

import { fromBase64, isSame, toUtf8 } from "./bytes";
import { Fault, wellFormed } from "./fault";
import { leafHash, rootOfProof } from "./merkle";
import { openCheckpoint, readNumber, type Checkpoint, type VerifierKey } from "./note";

const HEADER = "c2sp.org/tlog-proof@v1";

export interface Proof {
  index: number;
  path: Uint8Array[];
  /** The signed checkpoint, as it was sent. */
  note: string;
}

/** Raises Fault. */
export function parseProof(text: string): Proof {
  const end = text.indexOf("\n\n");
  const [header, second, ...hashes] = text.slice(0, Math.max(end, 0)).split("\n");
  // The format allows a line of extra data before the index; it proves nothing.
  const [indexLine, lines] = second?.startsWith("extra ")
    ? [hashes[0], hashes.slice(1)]
    : [second, hashes];
  if (header !== HEADER || !indexLine?.startsWith("index ")) throw new Fault("malformed");
  return {
    index: readNumber(indexLine.slice("index ".length)),
    path: lines.map(readHash),
    note: text.slice(end + 2),
  };
}

/** The checkpoint under which a record stands at its place; raises Fault if it does not. */
export function checkInclusion(record: string, proof: Proof, key: VerifierKey): Checkpoint {
  const checkpoint = openCheckpoint(proof.note, key);
  const place = { index: proof.index, size: checkpoint.size, path: proof.path };
  const root = rootOfProof(leafHash(toUtf8(record)), place);
  if (!root || !isSame(root, checkpoint.root)) throw new Fault("unproven");
  return checkpoint;
}

function readHash(line: string): Uint8Array {
  const hash = wellFormed(fromBase64(line));
  if (hash.length !== 32) throw new Fault("malformed");
  return hash;
}
