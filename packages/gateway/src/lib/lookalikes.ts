/**
 * Letters of Greek and Cyrillic that are drawn as Latin ones, by the Latin one. A part of the table of UTS 39: the scripts
 * that attacks with names really use.
 */
const alike: Readonly<Record<string, string>> = {
  A: 'ΑА',
  B: 'ΒВ',
  C: 'ϹС',
  E: 'ΕЕ',
  F: 'Ϝ',
  G: 'Ԍ',
  H: 'ΗН',
  I: 'ΙІӀ',
  J: 'ͿЈ',
  K: 'ΚК',
  M: 'ΜМ',
  N: 'Ν',
  O: 'ΟО',
  P: 'ΡР',
  Q: 'Ԛ',
  S: 'Ѕ',
  T: 'ΤТ',
  V: 'Ѵ',
  W: 'Ԝ',
  X: 'ΧХ',
  Y: 'ΥҮ',
  Z: 'Ζ',
  a: 'αа',
  b: 'Ь',
  c: 'ϲс',
  d: 'ԁ',
  e: 'е',
  g: 'ɡ',
  h: 'һ',
  i: 'ιіı',
  j: 'ϳј',
  l: 'ӏ',
  n: 'п',
  o: 'οоσ',
  p: 'ρр',
  q: 'ԛ',
  r: 'г',
  s: 'ѕ',
  u: 'υ',
  v: 'νѵ',
  w: 'ԝω',
  x: 'χх',
  y: 'γуү',
};

const latinOf: ReadonlyMap<string, string> = new Map(
  Object.entries(alike).flatMap(([latin, others]) => Array.from(others, (other) => [other, latin] as const)),
);

/** The text in the letters that it looks to be written in, without what cannot be seen. Not for showing. */
export function asItLooks(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  const shown = text.normalize('NFKD').replaceAll(/\p{C}/gu, '');
  return Array.from(shown, (letter) => latinOf.get(letter) ?? letter).join('');
}
