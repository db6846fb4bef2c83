/** The words of a text in which they stand apart by signs or lines, as people paste them. */
export function wordsIn(text: string): string[] {
  return text
    .split(/[\n,，、;；/|=＝]+/)
    .map((word) => word.trim())
    .filter(Boolean);
}

/** The words with these added, each once. */
export function withWords(words: readonly string[], added: readonly string[]): string[] {
  return [...new Set([...words, ...added])];
}
