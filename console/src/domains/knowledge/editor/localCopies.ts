/**
 * Copies of what the server has not got yet, in this computer: one for each person, item and page
 * that writes, so that two tabs never overwrite each other's.
 */

export interface Copy<Content> {
  key: string;
  content: Content;
  /** The item's revision from which it was written. */
  revision: number;
  changed_at: number;
}

export interface Copies<Content> {
  keep: (content: Content, revision: number) => boolean;
  forget: () => void;
  /** Those that other pages have left behind, the newest first. */
  left: () => Copy<Content>[];
  drop: (copy: Copy<Content>) => void;
}

const PREFIX = "sain.knowledge.";
const KEPT_MS = 60 * 24 * 3_600_000;

export function copiesOf<Content>(
  storage: Storage | null,
  staffId: number,
  itemId: number,
  writer: string,
): Copies<Content> {
  const prefix = `${PREFIX}${staffId}.${itemId}.`;
  const own = prefix + writer;

  return {
    keep(content, revision) {
      try {
        storage?.setItem(own, JSON.stringify({ content, revision, changed_at: Date.now() }));
        return storage !== null;
      } catch {
        // Full, or switched off.
        return false;
      }
    },
    forget: () => remove(storage, own),
    left: () =>
      keysOf(storage, prefix)
        .filter((key) => key !== own)
        .flatMap((key) => read<Content>(storage, key))
        .sort((one, other) => other.changed_at - one.changed_at),
    drop: ({ key }) => remove(storage, key),
  };
}

/** Takes away what nobody has come back for. */
export function sweepCopies(storage: Storage | null, now: number): void {
  for (const key of keysOf(storage, PREFIX)) {
    const [copy] = read(storage, key);
    if (!copy || now - copy.changed_at > KEPT_MS) remove(storage, key);
  }
}

/** This browser's storage, or nothing where it is switched off. */
export function browserStorage(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

function keysOf(storage: Storage | null, prefix: string): string[] {
  if (!storage) return [];
  return Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "").filter(
    (key) => key.startsWith(prefix),
  );
}

function read<Content>(storage: Storage | null, key: string): Copy<Content>[] {
  try {
    const kept = JSON.parse(storage?.getItem(key) ?? "") as Omit<Copy<Content>, "key">;
    return typeof kept.changed_at === "number" && kept.content ? [{ ...kept, key }] : [];
  } catch {
    return [];
  }
}

function remove(storage: Storage | null, key: string): void {
  try {
    storage?.removeItem(key);
  } catch {
    // Nothing can be kept there either.
  }
}
