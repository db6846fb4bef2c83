/** Bytes and their ways of being written. WeChat has neither TextEncoder nor atob. */

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
// What a call may take as its arguments in every engine.
const CHUNK = 4096;

const values = new Map([...LETTERS].map((letter, value) => [letter, value] as const));

export function fromUtf8(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  }
  // Nearly all records are plain ASCII, which is UTF-8 already.
  return /[^\0-\x7f]/.test(text) ? decodeURIComponent(escaped(text)) : text;
}

export function toUtf8(text: string): Uint8Array {
  const encoded = encodeURIComponent(text).replace(/%([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Uint8Array.from(encoded, (letter) => letter.charCodeAt(0));
}

/** Padded Base64 as RFC 4648 has it, and nothing else; null for anything else. */
export function fromBase64(text: string): Uint8Array | null {
  const body = text.replace(/={1,2}$/, "");
  if (text.length % 4 || !/^[A-Za-z0-9+/]*$/.test(body)) return null;
  const bytes = new Uint8Array(Math.floor((body.length * 3) / 4));
  let [bits, held, place] = [0, 0, 0];
  for (const letter of body) {
    bits = ((bits << 6) | (values.get(letter) as number)) & 0xffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[place++] = (bits >> held) & 0xff;
    }
  }
  // One value has one spelling.
  return toBase64(bytes) === text ? bytes : null;
}

export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let place = 0; place < bytes.length; place += 3) {
    const [a, b = 0, c = 0] = bytes.subarray(place, place + 3) as unknown as number[];
    const bits = ((a as number) << 16) | (b << 8) | c;
    text += [18, 12, 6, 0].map((shift) => LETTERS.charAt((bits >> shift) & 63)).join("");
  }
  const missing = (3 - (bytes.length % 3)) % 3;
  return text.slice(0, text.length - missing) + "=".repeat(missing);
}

/** Base64 with the letters of URLs, without padding, as the ledger's records have it. */
export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function joined(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

export function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, place) => byte === other[place]);
}

function escaped(text: string): string {
  return text.replace(/[^]/g, (letter) => {
    return `%${letter.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
}
