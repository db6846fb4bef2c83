/** What the device keeps between visits; a value that cannot be kept is kept for this visit. */

import { ref, watch, type Ref } from "vue";

const PREFIX = "sain.";

export function read<Value>(key: string, fallback: Value): Value {
  try {
    const text = uni.getStorageSync(PREFIX + key) as string;
    return text ? (JSON.parse(text) as Value) : fallback;
  } catch {
    return fallback;
  }
}

export function write(key: string, value: unknown): void {
  try {
    if (value === null || value === undefined) uni.removeStorageSync(PREFIX + key);
    else uni.setStorageSync(PREFIX + key, JSON.stringify(value));
  } catch {
    // The device's store is full or closed to us.
  }
}

/** A ref that the device remembers. */
export function kept<Value>(key: string, fallback: Value): Ref<Value> {
  const value = ref(read(key, fallback)) as Ref<Value>;
  watch(value, (now) => write(key, now), { deep: true, flush: "sync" });
  return value;
}
