/** The addresses of what shows the count, and how a receipt's code is read. */

export const VERIFY_PAGE = "/pages-vote/verify/index";
/** To be said and printed; the server leads on to the page. */
export const VERIFY_ADDRESS = "/verify";
export const VERIFIER_ADDRESS = "/verify_ledger.py";

const GROUPS = 5;
const CODE = new RegExp(`^[0-9A-HJKMNP-TV-Z]{${4 * GROUPS}}$`);

export function receiptPageOf(code: string): string {
  return `/pages-vote/receipt/index?code=${encodeURIComponent(code)}`;
}

export function countPage(campaignId: number): string {
  return `/pages-vote/count/index?id=${campaignId}`;
}

/**
 * The code as the server writes it, from what somebody typed or scanned: in any case, with or
 * without dashes, with the letters that are taken for digits, or as the address in a QR code. Null
 * for anything else.
 */
export function readCode(text: string): string | null {
  const given = /[?&]code=([^&#]+)/.exec(text)?.[1] ?? text;
  const letters = decode(given)
    .toUpperCase()
    .replace(/[\s\-–—]/g, "")
    .replace(/[IL]/g, "1")
    .replace(/O/g, "0");
  return CODE.test(letters) ? (letters.match(/.{4}/g) as string[]).join("-") : null;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
