/** Micro-units in one unit: amounts are integers of these, so that sums are exact. */
const microsPerUnit = 1_000_000n;

/** 2^63-1 is what a signed 64-bit column holds; amounts stay a factor of a million below, so that no sum leaves it. */
export const mostMicros = 9_000_000_000_000n;

const decimal = /^(\d{1,18})(?:\.(\d{1,30}))?$/;

/**
 * The micro-units of a decimal text such as `12.5`, or of a finite number. What is finer than a micro-unit is rounded up,
 * so that nothing is cheaper than it says. Undefined for everything else: signs, exponents, blanks, more than mostMicros.
 */
export function microsOf(amount: string | number | bigint): bigint | undefined {
  const match = decimal.exec(typeof amount === 'number' ? plainText(amount) : String(amount));
  if (match === null) return undefined;
  const [, whole = '', fraction = ''] = match;
  const micros = BigInt(whole) * microsPerUnit + BigInt(fraction.slice(0, 6).padEnd(6, '0'));
  const rounded = /[1-9]/.test(fraction.slice(6)) ? micros + 1n : micros;
  return rounded > mostMicros ? undefined : rounded;
}

/** Decimal text without needless zeros: `12.5`. */
export function formatMicros(micros: bigint): string {
  const sign = micros < 0n ? '-' : '';
  const digits = String(micros < 0n ? -micros : micros).padStart(7, '0');
  const fraction = digits.slice(-6).replace(/0+$/, '');
  return `${sign}${digits.slice(0, -6)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** JavaScript writes numbers below a micro-unit with an exponent; one of them stands for all, as they are rounded up. */
function plainText(amount: number): string {
  if (!Number.isFinite(amount) || amount < 0 || Object.is(amount, -0)) return '';
  const text = String(amount);
  return text.includes('e-') ? '0.0000001' : text;
}
