/** Whether the server can be reached, as the device says and as our own requests find out. */

import { readonly, ref } from "vue";
import { platform } from "@/platform";

const isReachable = ref(true);
const listeners = new Set<() => void>();

export const isOnline = readonly(isReachable);

export function noteReached(): void {
  if (isReachable.value) return;
  isReachable.value = true;
  listeners.forEach((listener) => listener());
}

export function noteUnreachable(): void {
  isReachable.value = false;
}

/** Calls `listener` whenever the way to the server is open again. */
export function onReconnected(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Once, when the app starts. */
export function watchNetwork(): void {
  platform.onNetworkChange((isConnected) => (isConnected ? noteReached() : noteUnreachable()));
}
