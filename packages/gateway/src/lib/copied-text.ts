/** The same text in memory of its own: a part that was cut out of a text keeps the whole of it alive. */
export function copiedText(text: string): string {
  return Buffer.from(text).toString();
}
