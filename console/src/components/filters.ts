/** How a list can be narrowed; the name is the server's query parameter. */
export type Filter =
  | { name: string; label: string; kind: "choice"; options: { value: string; label: string }[] }
  | { name: string; label: string; kind: "organization" }
  | { name: string; label: string; kind: "moment" }
  | { name: string; label: string; kind: "lookup"; lookup: Lookup }
  /** Comes with a link from elsewhere; shown only then, to be taken away. */
  | { name: string; label: string; kind: "given" };

/** Something of which there are too many to list: searched by words, known by its id. */
export interface Lookup {
  find: (q: string) => Promise<{ value: string; label: string }[]>;
  nameOf: (value: string) => Promise<string>;
}

/** The options of a choice from a module of words. */
export function optionsFrom(
  words: Record<string, string | { label: string }>,
): { value: string; label: string }[] {
  return Object.entries(words).map(([value, word]) => ({
    value,
    label: typeof word === "string" ? word : word.label,
  }));
}
