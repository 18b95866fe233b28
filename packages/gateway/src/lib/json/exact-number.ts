/** Longest integer that is kept: far beyond any identifier, and short enough for BigInt to stay cheap. */
const maxIntegerDigits = 1000;

/**
 * The value of a JSON number literal of any length: a number, a `bigint` for an integer literal beyond ±(2^53−1),
 * or nothing when the value would not survive (its decimal value differs from the shortest form of the nearest double).
 */
export function exactNumber(literal: string): number | bigint | undefined {
  return isIntegerLiteral(literal) ? exactInteger(literal) : exactDecimal(literal);
}

function isIntegerLiteral(literal: string): boolean {
  return !literal.includes('.') && !literal.includes('e') && !literal.includes('E');
}

function exactInteger(literal: string): number | bigint | undefined {
  const digits = literal.startsWith('-') ? literal.length - 1 : literal.length;
  if (digits > maxIntegerDigits) return undefined;
  const nearest = Number(literal);
  return Number.isSafeInteger(nearest) ? nearest : BigInt(literal);
}

function exactDecimal(literal: string): number | undefined {
  const nearest = Number(literal);
  if (!Number.isFinite(nearest)) return undefined;
  return decimalForm(literal) === decimalForm(String(nearest)) ? nearest : undefined;
}

/** One spelling for each decimal value, sign aside: digits without outer zeros, and a power of ten. */
function decimalForm(literal: string): string {
  const mark = Math.max(literal.indexOf('e'), literal.indexOf('E'));
  const mantissa = literal.slice(literal.startsWith('-') ? 1 : 0, mark < 0 ? literal.length : mark);
  const point = mantissa.indexOf('.');
  const digits = point < 0 ? mantissa : mantissa.slice(0, point) + mantissa.slice(point + 1);
  const decimals = point < 0 ? 0 : mantissa.length - point - 1;
  let start = 0;
  let end = digits.length;
  while (start < end && digits.charCodeAt(start) === 0x30) start++;
  while (end > start && digits.charCodeAt(end - 1) === 0x30) end--;
  if (start === end) return '0';
  const power = (mark < 0 ? 0 : Number(literal.slice(mark + 1))) - decimals + (digits.length - end);
  return `${digits.slice(start, end)}e${power}`;
}
