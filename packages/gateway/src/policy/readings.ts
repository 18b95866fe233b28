/** A text that names a place and that nobody can read for certain. */
export class ReadingFault extends Error {}

/** Layers of percent-encoding that are taken off; servers in a row take off one each. */
const mostLayers = 3;
const plain = /^[A-Za-z0-9 ._~:/?#@!$&'()*+,;=-]*$/;

/**
 * Every way in which a program could read a path or URI: as it is, with percent-encoding taken off, with look-alike
 * characters folded (NFKC), with backslashes as slashes. The text itself comes first. Throws ReadingFault for control and
 * invisible characters, and for encodings that do not come to an end.
 */
export function readingsOf(text: string): readonly string[] {
  if (plain.test(text)) return [text];
  const readings = new Set<string>();
  let layer = text;
  for (let count = 0; ; count++) {
    refuseUnreadable(layer);
    readings.add(layer);
    addFolded(layer, readings);
    // Readers of URLs take these for dots and leave encoded slashes as they are.
    addFolded(layer.replace(/%2e/gi, '.'), readings);
    if (!/%[0-9a-f]{2}/i.test(layer)) return [...readings];
    if (count === mostLayers) throw new ReadingFault('is encoded over and over');
    layer = decode(layer);
  }
}

function addFolded(text: string, readings: Set<string>): void {
  // Not folded by NFKC, but to a slash by the best-fit mappings of Windows.
  const folded = text.normalize('NFKC').replace(/[\u2044\u2215\u29f8]/g, '/');
  for (const reading of [text, folded]) {
    readings.add(reading);
    readings.add(reading.replaceAll('\\', '/'));
  }
}

function refuseUnreadable(text: string): void {
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(text))
    throw new ReadingFault('has control or invisible characters');
  if (/%u[0-9a-f]{4}/i.test(text)) throw new ReadingFault('has %u escapes');
}

function decode(text: string): string {
  try {
    return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) => decodeURIComponent(run));
  } catch {
    throw new ReadingFault('has percent-encoded bytes that are no UTF-8');
  }
}
