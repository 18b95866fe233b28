const percent = 0x25;
const backslash = 0x5c;
const letterU = 0x75;
/** As often as `EscapedPattern` reads `%25` for a percent sign. */
const mostLayers = 3;

/**
 * `text` with its percent and `\u` escapes undone and all other backslashes left out, in one pass. Of characters beyond
 * Latin-1 only the lower byte stays: this is for finding ASCII that might be there, not for reading.
 */
export function undoEscapes(text: string): string {
  const bytes = Buffer.from(text, 'latin1');
  let length = 0;
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at++] as number;
    if (byte === backslash) {
      at = endOfRun(bytes, at);
      if (bytes[at] !== letterU || hexAt(bytes, at + 1) < 0 || hexAt(bytes, at + 3) < 0) continue;
      bytes[length++] = hexAt(bytes, at + 3);
      at += 5;
    } else if (byte === percent && hexAt(bytes, at) >= 0) {
      at = endOfLayers(bytes, at);
      bytes[length++] = hexAt(bytes, at);
      at += 2;
    } else bytes[length++] = byte;
  }
  return bytes.toString('latin1', 0, length);
}

function endOfRun(bytes: Buffer, start: number): number {
  let end = start;
  while (bytes[end] === backslash) end += 1;
  return end;
}

/** Where the two digits stand that count, in what follows a percent sign. */
function endOfLayers(bytes: Buffer, start: number): number {
  let end = start;
  for (let layer = 0; layer < mostLayers && hexAt(bytes, end) === percent; layer += 1) {
    if (hexAt(bytes, end + 2) < 0) break;
    end += 2;
  }
  return end;
}

/** The byte that two hexadecimal digits mean; negative for anything else. */
function hexAt(bytes: Buffer, at: number): number {
  const high = digitOf(bytes[at]);
  const low = digitOf(bytes[at + 1]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

function digitOf(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
