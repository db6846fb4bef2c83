/** How the server says no (RFC 9457), or that it could not be reached. */

import { texts } from "@/texts";

export const UNREACHABLE = "unreachable";

const SIGNED_OUT = new Set([
  "sign_in_required",
  "access_token_invalid",
  "access_token_expired",
  "session_ended",
  "refresh_token_invalid",
  "refresh_token_reused",
]);

export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(detail);
  }

  get isOffline(): boolean {
    return this.code === UNREACHABLE;
  }

  get isMissing(): boolean {
    return this.status === 404;
  }

  /** Nobody is signed in any more; signing in again and repeating the request may help. */
  get isSignedOut(): boolean {
    return this.status === 401 || SIGNED_OUT.has(this.code);
  }

  /** The same request may well succeed a moment later. */
  get isPassing(): boolean {
    return this.isOffline || [502, 503, 504].includes(this.status);
  }

  static unreachable(): Problem {
    return new Problem(0, UNREACHABLE, texts().problems.unreachable);
  }

  /** From an answer; anything that is no problem document gets words of our own. */
  static from(status: number, body: unknown, retryAfter: string | undefined): Problem {
    const given =
      typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
    const detail = asText(given["detail"]) || texts().problems.unexpected;
    return new Problem(status, asText(given["code"]), detail, seconds(retryAfter));
  }
}

/** Whatever was thrown, as a Problem; mistakes in our own code are thrown on. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  throw error;
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function seconds(header: string | undefined): number | null {
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) : null;
}
