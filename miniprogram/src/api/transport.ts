/**
 * Everything that goes to the server passes here: it carries who asks and in which language, tries
 * again what can be tried again without harm, and names its failures.
 */

import { Problem } from "./problem";
import { language } from "@/texts";
import { noteReached, noteUnreachable } from "@/stores/network";

export type Method = "GET" | "POST" | "PUT" | "DELETE";

export interface Sent {
  method: Method;
  /** Below the site, with its query. */
  path: string;
  /** Bytes go as they are, anything else as JSON. */
  body?: object;
  /** Equal for all tries of one write, which then may be tried again. */
  idempotencyKey?: string;
  /** Sent without saying who asks. */
  isAnonymous?: boolean;
  /** "json" is read; "bytes" is given as an ArrayBuffer. */
  answers?: "json" | "bytes";
}

/** Who asks; set by stores/session.ts, which knows how to renew it. */
export const credentials = {
  accessToken: (): string | null => null,
  /** Resolves with true when there is a new access token. */
  renew: async (): Promise<boolean> => false,
};

const TIMEOUT_MS = 12_000;
const PAUSES_MS = [400, 1500];

/** Where the server is; in a browser the pages come from it. */
export const SITE_URL: string =
  process.env.UNI_PLATFORM === "h5" ? "" : import.meta.env.VITE_SITE_URL;

/** The full address of a path the server gave, such as a picture's. */
export function siteAddress(path: string): string {
  return path.startsWith("/") ? `${SITE_URL}${path}` : path;
}

/** The answer's body; raises Problem. */
export async function send<Answer>(sent: Sent): Promise<Answer> {
  try {
    return await persist<Answer>(sent);
  } catch (error) {
    const isStale = error instanceof Problem && error.status === 401 && !sent.isAnonymous;
    if (!isStale || !credentials.accessToken() || !(await credentials.renew())) throw error;
    return persist<Answer>(sent);
  }
}

/** Tries again what fails in passing, if a second time does no harm. */
async function persist<Answer>(sent: Sent): Promise<Answer> {
  const mayRepeat = sent.method === "GET" || sent.idempotencyKey !== undefined;
  const pauses = mayRepeat ? PAUSES_MS : [];
  for (const pause of pauses) {
    try {
      return await attempt<Answer>(sent);
    } catch (error) {
      if (!(error instanceof Problem) || !error.isPassing) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return attempt<Answer>(sent);
}

function attempt<Answer>(sent: Sent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    uni.request({
      url: siteAddress(sent.path),
      // The platforms know more methods than their types say.
      method: sent.method,
      data: sent.body,
      header: headers(sent),
      timeout: TIMEOUT_MS,
      responseType: sent.answers === "bytes" ? "arraybuffer" : "text",
      success: ({ statusCode, data, header }) => {
        noteReached();
        if (statusCode >= 200 && statusCode < 300) resolve(data as Answer);
        else reject(Problem.from(statusCode, readBody(data), retryAfter(header)));
      },
      fail: () => {
        noteUnreachable();
        reject(Problem.unreachable());
      },
    });
  });
}

function headers(sent: Sent): Record<string, string> {
  const token = sent.isAnonymous ? null : credentials.accessToken();
  return {
    "Accept-Language": language(),
    ...(sent.body && { "Content-Type": mediaType(sent.body) }),
    ...(token && { Authorization: `Bearer ${token}` }),
    ...(sent.idempotencyKey && { "Idempotency-Key": sent.idempotencyKey }),
  };
}

function mediaType(body: object): string {
  return body instanceof ArrayBuffer ? "application/octet-stream" : "application/json";
}

/** A refusal of a download comes as bytes too, and in one of the platforms as text. */
function readBody(data: unknown): unknown {
  const text = data instanceof ArrayBuffer ? decode(data) : data;
  if (typeof text !== "string") return text;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** WeChat has no TextDecoder. */
function decode(bytes: ArrayBuffer): string {
  const codes = Array.from(
    new Uint8Array(bytes),
    (byte) => `%${byte.toString(16).padStart(2, "0")}`,
  );
  try {
    return decodeURIComponent(codes.join(""));
  } catch {
    return "";
  }
}

/** Platforms differ in how they write the names of headers. */
function retryAfter(header: Record<string, string> | undefined): string | undefined {
  return Object.entries(header ?? {}).find(([name]) => name.toLowerCase() === "retry-after")?.[1];
}
