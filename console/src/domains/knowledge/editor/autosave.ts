import { Problem } from "@/api/problem";

/**
 * Saving by itself: soon after the last change, now and then while somebody goes on typing, one
 * request at a time. What the server has not taken lies in this computer as well.
 */

export type SaveState =
  | { name: "saved"; at: number | null }
  | { name: "changed" }
  | { name: "saving" }
  /** Out of reach; tried again by itself. */
  | { name: "offline"; isKept: boolean }
  /** Said no, for this reason; tried again after the next change. */
  | { name: "refused"; detail: string; isKept: boolean }
  /** Somebody else saved first; waits for a decision. */
  | { name: "conflict" };

export interface AutosaveOptions<Content> {
  send: (content: Content) => Promise<void>;
  /** Keeps a copy in this computer; false where it has no room. */
  keep: (content: Content) => boolean;
  /** The copy is not needed any more. */
  forget: () => void;
  onState: (state: SaveState) => void;
  savedAt?: number | null;
}

export interface Autosave<Content> {
  change: (content: Content) => void;
  /** Sends at once what has not been sent; true when the server has everything. */
  flush: () => Promise<boolean>;
  /** The network may be back. */
  tryAgain: () => void;
  /** After a conflict: goes on from this content, or from theirs as it is. */
  resolve: (content: Content | null) => void;
  /** Keeps in this computer, at once, what the server has not got. */
  keepNow: () => void;
  stop: () => void;
}

export const PAUSE_MS = 1500;
export const LONGEST_MS = 15_000;
export const KEEP_MS = 300;
export const RETRY_MS = [2000, 5000, 10_000, 30_000];

export function createAutosave<Content>(options: AutosaveOptions<Content>): Autosave<Content> {
  let latest: { content: Content } | null = null;
  let firstChangeAt: number | null = null;
  let sending: Promise<boolean> | null = null;
  let failures = 0;
  let isDisputed = false;
  let isStopped = false;
  let sendTimer: ReturnType<typeof setTimeout> | undefined;
  let keepTimer: ReturnType<typeof setTimeout> | undefined;
  let state: SaveState = { name: "saved", at: options.savedAt ?? null };

  function show(wanted: SaveState): void {
    state = wanted;
    if (!isStopped) options.onState(wanted);
  }

  function change(content: Content): void {
    latest = { content };
    firstChangeAt ??= Date.now();
    keepTimer ??= setTimeout(keepNow, KEEP_MS);
    if (isDisputed || sending || failures) return;
    show({ name: "changed" });
    schedule(Math.min(PAUSE_MS, firstChangeAt + LONGEST_MS - Date.now()));
  }

  function schedule(ms: number): void {
    clearTimeout(sendTimer);
    sendTimer = setTimeout(() => void send(), Math.max(0, ms));
  }

  /** Whether the copy could be kept; true also when there is nothing to keep. */
  function keepNow(): boolean {
    clearTimeout(keepTimer);
    keepTimer = undefined;
    return latest ? options.keep(latest.content) : true;
  }

  function send(): Promise<boolean> {
    clearTimeout(sendTimer);
    if (isDisputed || isStopped) return Promise.resolve(false);
    sending ??= attempt().finally(() => (sending = null));
    return sending;
  }

  async function attempt(): Promise<boolean> {
    if (!latest) return true;
    const sent = latest;
    firstChangeAt = null;
    show({ name: "saving" });
    try {
      await options.send(sent.content);
    } catch (error) {
      firstChangeAt ??= Date.now();
      fail(error);
      return false;
    }
    failures = 0;
    if (latest === sent) {
      latest = null;
      clearTimeout(keepTimer);
      keepTimer = undefined;
      options.forget();
      show({ name: "saved", at: Date.now() });
    } else {
      show({ name: "changed" });
      schedule(PAUSE_MS);
    }
    return true;
  }

  function fail(error: unknown): void {
    const isKept = keepNow();
    if (!(error instanceof Problem)) {
      show({ name: "refused", detail: "没有存上，请刷新页面后再看。", isKept });
      throw error;
    }
    if (error.isConflict) {
      isDisputed = true;
      show({ name: "conflict" });
    } else if (error.isOffline || error.status >= 500 || error.status === 429) {
      const wait = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? PAUSE_MS;
      failures++;
      show({ name: "offline", isKept });
      schedule(wait);
    } else {
      failures = 0;
      show({ name: "refused", detail: error.detail, isKept });
    }
  }

  async function flush(): Promise<boolean> {
    // A request that is under way may have left before the last change.
    while (latest || sending) if (!(await send())) return false;
    return true;
  }

  return {
    change,
    flush,
    tryAgain() {
      if (failures && latest) void send();
    },
    resolve(content) {
      isDisputed = false;
      failures = 0;
      latest = null;
      if (content) {
        change(content);
      } else {
        clearTimeout(keepTimer);
        keepTimer = undefined;
        options.forget();
        firstChangeAt = null;
        show({ name: "saved", at: Date.now() });
      }
    },
    keepNow: () => void keepNow(),
    stop() {
      if (state.name !== "saved") keepNow();
      isStopped = true;
      clearTimeout(sendTimer);
      clearTimeout(keepTimer);
    },
  };
}
