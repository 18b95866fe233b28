/** Texts and names of foreign configurations as parts of native rules. */

/** A text as CEL writes it. */
export function celText(text: string): string {
  return JSON.stringify(text).replace(/[\u2028\u2029]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16)}`);
}

export function celList(texts: readonly string[]): string {
  return `[${texts.map(celText).join(', ')}]`;
}

/** A number as CEL writes one with a fraction, which compares with integers, too. */
export function celNumber(number: number): string {
  const text = String(number);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** A pattern that matches this name alone, whatever characters it has. */
export function exactly(name: string, upstream?: string): string {
  const prefix = upstream === undefined ? '' : `${upstream}:`;
  if (/^[\w.:@+-][\w.:@+/-]*$/.test(name)) return prefix + name;
  return `/${prefix}${escaped(name)}/`;
}

/** A regular expression that matches this text. */
export function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, (mark) => `\\${mark}`);
}
