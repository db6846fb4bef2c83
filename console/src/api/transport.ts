import { ref } from "vue";
import { Problem } from "./problem";

/**
 * Everything that goes to the server passes here: it carries the session's proof, names its
 * failures, and when the session has ended waits for the user to sign in again and repeats itself,
 * so that no page loses what was typed.
 */

const SAFE_METHODS = new Set(["GET", "HEAD"]);

/** What the session gives to requests; set by src/session. */
export const credentials = {
  csrfToken: "",
  /** Resolves with true when the same person has signed in again. */
  signInAgain: async (): Promise<boolean> => false,
  /** Resolves with true when what became due has been done. */
  takeMissingStep: async (): Promise<boolean> => false,
  /** Resolves with true when the same person's session has a token again. */
  renewToken: async (): Promise<boolean> => false,
  /** Told after every answer, since each one keeps the session alive. */
  noteAnswer: (): void => {},
};

/** True from the first request that reached nobody until one is answered again. */
export const isUnreachable = ref(false);

export function send(request: Request): Promise<Response> {
  const again = request.clone();
  return insist(
    () => attempt(request),
    () => attempt(again),
  );
}

/** The answer of the first try or, once the reason of its refusal is mended, of the second. */
async function insist<Answer>(
  first: () => Promise<Answer | Problem>,
  second: () => Promise<Answer | Problem>,
): Promise<Answer> {
  const answer = await first();
  if (!(answer instanceof Problem)) return answer;
  if (!(await mend(answer))) throw answer;
  const next = await second();
  if (next instanceof Problem) throw next;
  return next;
}

async function mend(problem: Problem): Promise<boolean> {
  if (problem.isSignedOut) return credentials.signInAgain();
  if (problem.isStepMissing) return credentials.takeMissingStep();
  return problem.isTokenStale && credentials.renewToken();
}

async function attempt(request: Request): Promise<Response | Problem> {
  if (!SAFE_METHODS.has(request.method)) {
    request.headers.set("X-CSRF-Token", credentials.csrfToken);
  }
  let response: Response;
  try {
    response = await fetch(request);
  } catch (error) {
    // A page that was left cancels its requests; that says nothing about the network.
    if (request.signal.aborted) throw error;
    isUnreachable.value = true;
    return Problem.unreachable();
  }
  noteReached();
  if (response.ok) return response;
  const requestId = response.headers.get("X-Request-ID") ?? "";
  return Problem.from(response.status, await response.text(), requestId);
}

export interface UploadOptions {
  contentType?: string;
  onProgress?: (share: number) => void;
  signal?: AbortSignal;
}

/** Sends a file as the raw body of a POST and returns the JSON answer. */
export function upload<Answer>(
  path: string,
  file: Blob,
  options: UploadOptions = {},
): Promise<Answer> {
  const trySending = () => attemptUpload<Answer>(path, file, options);
  return insist(trySending, trySending);
}

/** By XMLHttpRequest, because fetch cannot tell how much has been sent. */
function attemptUpload<Answer>(
  path: string,
  file: Blob,
  { contentType, onProgress, signal }: UploadOptions,
): Promise<Answer | Problem> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("X-CSRF-Token", credentials.csrfToken);
    const type = contentType ?? (file.type || "application/octet-stream");
    request.setRequestHeader("Content-Type", type);
    request.upload.addEventListener("progress", ({ loaded, total }) =>
      onProgress?.(total ? loaded / total : 0),
    );
    request.addEventListener("error", () => {
      isUnreachable.value = true;
      resolve(Problem.unreachable());
    });
    request.addEventListener("abort", () => resolve(new Problem(0, "cancelled", "已取消上传。")));
    request.addEventListener("load", () => {
      noteReached();
      const { status, responseText } = request;
      const requestId = request.getResponseHeader("X-Request-ID") ?? "";
      const isGood = status >= 200 && status < 300;
      resolve(isGood ? JSON.parse(responseText) : Problem.from(status, responseText, requestId));
    });
    signal?.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

export type Query = Record<string, string | number | boolean | null | undefined>;

/** Fetches a file and hands it to the browser to save, under the server's name for it. */
export async function download(path: string, query: Query = {}): Promise<void> {
  const response = await send(new Request(withQuery(path, query)));
  saveFile(await response.blob(), fileName(response.headers.get("Content-Disposition") ?? ""));
}

/** Hands a file to the browser to save. */
export function saveFile(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // Some browsers begin to read only after the click has been handled.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

export function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).filter(
    ([, value]) => value !== undefined && value !== null && value !== "",
  );
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  return search.size ? `${path}?${search}` : path;
}

export function fileName(disposition: string): string {
  const extended = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  if (extended) return decodeURIComponent(extended);
  return /filename="?([^";]+)"?/i.exec(disposition)?.[1] ?? "下载";
}

function noteReached(): void {
  isUnreachable.value = false;
  credentials.noteAnswer();
}
