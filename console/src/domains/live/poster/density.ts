/** A PNG that says how large it is on paper: printers and text processors go by that. */

const INCHES_PER_METRE = 39.3701;
/** The signature, and the header chunk, which must come first. */
const HEAD_BYTES = 8 + 25;

export async function withDensity(image: Blob, dotsPerInch: number): Promise<Blob> {
  const perMetre = Math.round(dotsPerInch * INCHES_PER_METRE);
  const chunk = new DataView(new ArrayBuffer(21));
  chunk.setUint32(0, 9);
  [..."pHYs"].forEach((letter, index) => chunk.setUint8(4 + index, letter.charCodeAt(0)));
  chunk.setUint32(8, perMetre);
  chunk.setUint32(12, perMetre);
  chunk.setUint8(16, 1);
  chunk.setUint32(17, checksum(new Uint8Array(chunk.buffer, 4, 13)));
  const parts = [image.slice(0, HEAD_BYTES), chunk.buffer, image.slice(HEAD_BYTES)];
  return new Blob(parts, { type: image.type });
}

/** CRC-32 as the format wants it. */
function checksum(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}
