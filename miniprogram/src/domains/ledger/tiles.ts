/** Bundles of records as c2sp.org/tlog-tiles publishes them. */

import { Fault } from "./fault";

export const BUNDLE = 256;

/** How many bundles a log of this size has, the last of them perhaps not full. */
export function bundlesOf(size: number): number {
  return Math.ceil(size / BUNDLE);
}

/** The address of a bundle in a log of this size, below the log's own. */
export function bundlePath(number: number, size: number): string {
  const width = Math.min(BUNDLE, size - number * BUNDLE);
  return `/tile/entries/${folded(number)}${width < BUNDLE ? `.p/${width}` : ""}`;
}

/** The records of a bundle, each with its length before it; raises Fault. */
export function splitBundle(bytes: Uint8Array, wanted: number): Uint8Array[] {
  const records: Uint8Array[] = [];
  let place = 0;
  while (place + 2 <= bytes.length && records.length < wanted) {
    const length = ((bytes[place] as number) << 8) | (bytes[place + 1] as number);
    records.push(bytes.subarray(place + 2, place + 2 + length));
    place += 2 + length;
  }
  if (place !== bytes.length || records.length !== wanted) throw new Fault("malformed");
  return records;
}

/** 1234067 as x001/x234/067. */
function folded(number: number): string {
  const digits = String(number);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, "0");
  return (padded.match(/.{3}/g) ?? [])
    .map((group) => `x${group}`)
    .join("/")
    .replace(/x(?=[^x]*$)/, "");
}
