import { computed, reactive, type ComputedRef } from "vue";

/** A picture as a form holds it, by id, and the address under which it can be shown. */
export interface Pictures {
  note: (id: number | null, url: string | null) => void;
  urlOf: (id: () => number | null) => ComputedRef<string | null>;
}

/** Remembers addresses, since a form's values may go back to a picture it had before. */
export function usePictures(id: number | null, url: string | null): Pictures {
  const urls = reactive(new Map<number, string>());

  function note(noted: number | null, address: string | null): void {
    if (noted !== null && address !== null) urls.set(noted, address);
  }

  note(id, url);
  return {
    note,
    urlOf: (wanted) =>
      computed(() => {
        const current = wanted();
        return current === null ? null : (urls.get(current) ?? null);
      }),
  };
}
