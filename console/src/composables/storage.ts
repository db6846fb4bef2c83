import { customRef, type Ref } from "vue";

/** A choice remembered in this browser; where storage is switched off, only until the page goes. */
export function useRemembered<Value>(key: string, initial: Value): Ref<Value> {
  const name = `sain.${key}`;
  let value = read(name, initial);
  return customRef((track, trigger) => ({
    get() {
      track();
      return value;
    },
    set(chosen) {
      value = chosen;
      write(name, chosen);
      trigger();
    },
  }));
}

function read<Value>(name: string, initial: Value): Value {
  try {
    const text = localStorage.getItem(name);
    return text === null ? initial : (JSON.parse(text) as Value);
  } catch {
    return initial;
  }
}

function write(name: string, value: unknown): void {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Remembering is a convenience.
  }
}
