/** A small log as the server publishes it, written by other code than what reads it. */

import { createHash } from "node:crypto";
import nacl from "tweetnacl";

const ORIGIN = "sain.example.cn/ledger";

const hash = (...parts: Uint8Array[]) => createHash("sha256").update(Buffer.concat(parts)).digest();
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
const base64Url = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");

export function commit(campaign: number, entry: number, nonce: string): string {
  return base64Url(hash(Buffer.from(`${campaign}:${entry}:${nonce}`)));
}

/** A record as the server writes it. */
export function written(record: object): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))),
  );
}

export class ALog {
  readonly keys = nacl.sign.keyPair.fromSeed(Uint8Array.from({ length: 32 }, (_, place) => place));
  readonly records: string[] = [];
  readonly origin = ORIGIN;

  get key(): Buffer {
    return Buffer.concat([Uint8Array.of(1), this.keys.publicKey]);
  }

  get keyId(): Buffer {
    return hash(Buffer.from(`${ORIGIN}\n`), this.key).subarray(0, 4);
  }

  get verifierKey(): string {
    return `${ORIGIN}+${this.keyId.toString("hex")}+${base64(this.key)}`;
  }

  /** The place of the record. */
  add(record: object | string): number {
    return this.records.push(typeof record === "string" ? record : written(record)) - 1;
  }

  sign(text: string): string {
    const signature = nacl.sign.detached(Buffer.from(text), this.keys.secretKey);
    return `${text}\n— ${ORIGIN} ${base64(Buffer.concat([this.keyId, signature]))}\n`;
  }

  checkpoint(size = this.records.length): string {
    return this.sign(`${ORIGIN}\n${size}\n${base64(this.root(0, size))}\n`);
  }

  proof(index: number, size = this.records.length): string {
    const path = this.path(index, 0, size).map(base64);
    const lines = ["c2sp.org/tlog-proof@v1", `index ${index}`, ...path];
    return `${lines.join("\n")}\n\n${this.checkpoint(size)}`;
  }

  /** What the log answers for a path below its address. */
  file(path: string): Uint8Array {
    if (path === "/checkpoint") return Buffer.from(this.checkpoint());
    const [, place, , width] = /^\/tile\/entries\/([x\d/]+?)(\.p\/(\d+))?$/.exec(path) ?? [];
    const start = 256 * Number((place as string).replace(/[x/]/g, ""));
    const records = this.records.slice(start, start + Number(width ?? 256));
    return Buffer.concat(
      records.flatMap((record) => {
        const bytes = Buffer.from(record);
        return [Uint8Array.of(bytes.length >> 8, bytes.length & 255), bytes];
      }),
    );
  }

  /** RFC 6962, 2.1: by its definition, without any cleverness. */
  root(from = 0, to = this.records.length): Buffer {
    if (to === from) return hash();
    if (to - from === 1) return hash(Uint8Array.of(0), Buffer.from(this.records[from] as string));
    const middle = from + split(to - from);
    return hash(Uint8Array.of(1), this.root(from, middle), this.root(middle, to));
  }

  /** RFC 6962, 2.1.1. */
  path(index: number, from = 0, to = this.records.length): Buffer[] {
    if (to - from <= 1) return [];
    const middle = from + split(to - from);
    return index < middle
      ? [...this.path(index, from, middle), this.root(middle, to)]
      : [...this.path(index, middle, to), this.root(from, middle)];
  }
}

/** The largest power of two below a number. */
function split(size: number): number {
  return 2 ** Math.floor(Math.log2(size - 1));
}
