/** How the server says no (RFC 9457), or that it could not be reached. */

export type FieldErrors = Record<string, string[]>;

export const UNREACHABLE = "unreachable";

const MISSING_STEPS = new Set([
  "staff_totp_required",
  "staff_totp_setup_required",
  "staff_password_change_required",
]);

const DETAILS: Record<number, string> = {
  403: "您没有做这件事的权限。",
  404: "没有找到，可能已被删除。",
  413: "文件太大，请缩小后再试。",
  429: "操作太频繁，请稍后再试。",
  503: "系统正在维护，请稍后再试。",
};

export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly errors: FieldErrors = {},
    readonly requestId = "",
  ) {
    super(detail);
  }

  get isOffline(): boolean {
    return this.code === UNREACHABLE;
  }

  /** Nobody is signed in any more; signing in again and repeating the request may help. */
  get isSignedOut(): boolean {
    return this.code === "sign_in_required" || this.code === "session_ended";
  }

  /** Something became due while somebody worked: a new password, for example. */
  get isStepMissing(): boolean {
    return MISSING_STEPS.has(this.code);
  }

  /** The session was renewed in another tab; with its new token the request may be repeated. */
  get isTokenStale(): boolean {
    return this.code === "csrf_token_invalid";
  }

  get isConflict(): boolean {
    return this.code === "edited_meanwhile";
  }

  get isForbidden(): boolean {
    return this.status === 403;
  }

  get isMissing(): boolean {
    return this.status === 404;
  }

  static unreachable(): Problem {
    return new Problem(0, UNREACHABLE, "连不上服务器，请检查网络后重试。");
  }

  /** From the text of an answer; anything that is no problem+json gets words for its status. */
  static from(status: number, text: string, requestId: string): Problem {
    const body = parse(text);
    const detail = asText(body["detail"]) || DETAILS[status] || "系统出了错，请稍后再试。";
    const id = asText(body["request_id"]) || requestId;
    return new Problem(status, asText(body["code"]), detail, fieldErrors(body["errors"]), id);
  }
}

/** Whatever was thrown, as a Problem; mistakes in our own code are thrown on. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  throw error;
}

function parse(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function fieldErrors(errors: unknown): FieldErrors {
  if (typeof errors !== "object" || errors === null) return {};
  return Object.fromEntries(
    Object.entries(errors).map(([field, texts]) => [field, textsWithin(texts)]),
  );
}

/** The texts of a field; those of its parts (rows of a list) are gathered under it. */
function textsWithin(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsWithin);
}
