import { reactive, watch } from "vue";
import { browserStorage } from "../editor/localCopies";
import { session } from "@/session/session";
import type { Item } from "../editor/item";

/** What a reviewer remarks at the fields of a revision; kept in this computer until it is sent. */
export interface Remarks {
  texts: Record<string, string>;
  list: () => { place: string; text: string }[];
  forget: () => void;
}

export function useRemarks(item: Item): Remarks {
  const storage = browserStorage();
  const key = `sain.remarks.${session.value?.staff.id ?? 0}.${item.id}.${item.head.number}`;
  const texts = reactive(read(storage, key));

  function list(): { place: string; text: string }[] {
    return Object.entries(texts).flatMap(([place, text]) =>
      text.trim() ? [{ place, text: text.trim() }] : [],
    );
  }

  watch(texts, () => {
    try {
      if (list().length) storage?.setItem(key, JSON.stringify(texts));
      else storage?.removeItem(key);
    } catch {
      // They are still on the page.
    }
  });

  return {
    texts,
    list,
    forget() {
      for (const place of Object.keys(texts)) delete texts[place];
    },
  };
}

function read(storage: Storage | null, key: string): Record<string, string> {
  try {
    return JSON.parse(storage?.getItem(key) ?? "{}") as Record<string, string>;
  } catch {
    return {};
  }
}
