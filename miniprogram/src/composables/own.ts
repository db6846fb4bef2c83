/** What belongs to the person: read while somebody is signed in, dropped when they leave. */

import { watch } from "vue";
import { isSignedIn } from "@/stores/session";

export interface Own {
  read: () => Promise<unknown>;
  drop: () => void;
}

/** Reads as soon as somebody signs in, and gives what reads at other times. For a setup. */
export function useOwn({ read, drop }: Own): () => Promise<void> {
  const refresh = async () => {
    if (isSignedIn.value) await read();
  };
  watch(isSignedIn, (isIn) => (isIn ? void refresh() : drop()));
  return refresh;
}
