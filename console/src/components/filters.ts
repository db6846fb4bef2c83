/** How a list can be narrowed; the name is the server's query parameter. */
export type Filter =
  | { name: string; label: string; kind: "choice"; options: { value: string; label: string }[] }
  | { name: string; label: string; kind: "organization" }
  | { name: string; label: string; kind: "moment" };

/** The options of a choice from a module of words. */
export function optionsFrom(
  words: Record<string, string | { label: string }>,
): { value: string; label: string }[] {
  return Object.entries(words).map(([value, word]) => ({
    value,
    label: typeof word === "string" ? word : word.label,
  }));
}
