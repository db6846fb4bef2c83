/** Signed notes (c2sp.org/signed-note) and the checkpoints in them (c2sp.org/tlog-checkpoint). */

import nacl from "tweetnacl";
import { fromBase64, isSame, joined, toHex, toUtf8 } from "./bytes";
import { Fault, wellFormed } from "./fault";
import { sha256 } from "./merkle";

const ED25519 = 1;
const ID_LENGTH = 4;
const NAME = /^[^\s+]+$/;

export interface VerifierKey {
  name: string;
  id: Uint8Array;
  publicKey: Uint8Array;
}

export interface Checkpoint {
  origin: string;
  size: number;
  root: Uint8Array;
}

/** A key as Go's note package writes it, name+id+key; raises Fault. */
export function parseVerifierKey(text: string): VerifierKey {
  const [, name, hex, encoded] = wellFormed(/^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text));
  const key = wellFormed(fromBase64(encoded as string));
  if (key[0] !== ED25519 || key.length !== 1 + nacl.sign.publicKeyLength) {
    throw new Fault("malformed");
  }
  const id = sha256(joined(toUtf8(`${name}\n`), key)).subarray(0, ID_LENGTH);
  if (!NAME.test(name as string) || toHex(id) !== hex) throw new Fault("malformed");
  return { name: name as string, id, publicKey: key.subarray(1) };
}

/** What people compare: the beginning of the key's SHA-256, in groups. */
export function fingerprint(key: VerifierKey): string {
  const digits = toHex(sha256(key.publicKey).subarray(0, 16)).toUpperCase();
  return wellFormed(digits.match(/.{4}/g)).join(" ");
}

/** The note's text, if this key has signed it; raises Fault. */
export function openNote(note: string, key: VerifierKey): string {
  const end = note.lastIndexOf("\n\n");
  if (end < 0 || !note.endsWith("\n")) throw new Fault("malformed");
  const text = note.slice(0, end + 1);
  const lines = note.slice(end + 2, -1).split("\n");
  const signatures = lines.map((line) => readSignature(line, key));
  const isSigned = signatures.some(
    (signature) =>
      signature !== null && nacl.sign.detached.verify(toUtf8(text), signature, key.publicKey),
  );
  if (!isSigned) throw new Fault("unsigned");
  return text;
}

/** The checkpoint in a note, if the log whose key this is has signed it; raises Fault. */
export function openCheckpoint(note: string, key: VerifierKey): Checkpoint {
  const [origin, size, root] = openNote(note, key).split("\n");
  const hash = wellFormed(fromBase64(root ?? ""));
  if (origin !== key.name || hash.length !== 32) throw new Fault("malformed");
  return { origin, size: readNumber(size), root: hash };
}

/** A decimal number without leading zeros, as these formats have them. */
export function readNumber(text: string | undefined): number {
  if (text === undefined || !/^(0|[1-9]\d{0,14})$/.test(text)) throw new Fault("malformed");
  return Number(text);
}

/** The bare signature, or null for somebody else's; raises Fault for what is no signature. */
function readSignature(line: string, key: VerifierKey): Uint8Array | null {
  const [, name, encoded] = wellFormed(/^— (\S+) (\S+)$/.exec(line));
  const bytes = wellFormed(fromBase64(encoded as string));
  const isOurs = name === key.name && isSame(bytes.subarray(0, ID_LENGTH), key.id);
  const signature = bytes.subarray(ID_LENGTH);
  return isOurs && signature.length === nacl.sign.signatureLength ? signature : null;
}
