/** Merkle trees as RFC 6962 and RFC 9162 have them, over SHA-256. */

import sha256 from "fast-sha256";
import { joined } from "./bytes";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export { sha256 };

export function leafHash(record: Uint8Array): Uint8Array {
  return sha256(joined(LEAF, record));
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(joined(NODE, left, right));
}

/**
 * The root that an inclusion proof leads to (RFC 9162, 2.1.3.2), the leaf's sibling first; null for
 * a proof that fits no tree of that size.
 */
export function rootOfProof(
  leaf: Uint8Array,
  { index, size, path }: { index: number; size: number; path: Uint8Array[] },
): Uint8Array | null {
  if (index < 0 || index >= size) return null;
  let [node, last, hash] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return null;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 ? hash : null;
}

/** A tree that takes one leaf after the other and knows its root at any moment. */
export class GrowingTree {
  /** Roots of the whole subtrees, the largest first. */
  private readonly peaks: Uint8Array[] = [];
  private leaves = 0;

  get size(): number {
    return this.leaves;
  }

  append(leaf: Uint8Array): void {
    let hash = leaf;
    for (let filled = this.leaves; filled % 2 === 1; filled = half(filled)) {
      hash = nodeHash(this.peaks.pop() as Uint8Array, hash);
    }
    this.peaks.push(hash);
    this.leaves += 1;
  }

  root(): Uint8Array {
    if (!this.peaks.length) return sha256(new Uint8Array(0));
    return this.peaks.reduceRight((right, left) => nodeHash(left, right));
  }
}

function half(number: number): number {
  return Math.floor(number / 2);
}
