/** The word for a code; a code this console does not know yet is shown itself. */
export function wordFor(words: Readonly<Record<string, string>>, code: string): string {
  return words[code] ?? code;
}
