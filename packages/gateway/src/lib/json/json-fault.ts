type JsonFaultCode =
  | 'invalid_utf8'
  | 'byte_order_mark'
  | 'syntax'
  | 'duplicate_name'
  | 'forbidden_name'
  | 'lone_surrogate'
  | 'too_deep'
  | 'number'
  | 'trailing_data';

/** Why a text is not strict JSON. The message is fit for the sender: place, found, expected, printable ASCII only. */
export class JsonFault extends Error {
  readonly code: JsonFaultCode;
  /** Offset in UTF-16 code units. */
  readonly at: number;

  constructor(code: JsonFaultCode, at: number, problem: string) {
    super(`${problem} (at character ${at})`);
    this.name = 'JsonFault';
    this.code = code;
    this.at = at;
  }
}

/** What stands at a place of a text, in words. */
export function describeAt(text: string, at: number): string {
  if (at >= text.length) return 'the end of the text';
  const character = text.charAt(at);
  return character >= '!' && character <= '~' ? `'${character}'` : codePoint(text.charCodeAt(at));
}

/** Quotes a foreign string for a message: shortened, and with everything but printable ASCII escaped. */
export function quoteForeign(foreign: string): string {
  const shown = foreign.length > 60 ? `${foreign.slice(0, 60)}...` : foreign;
  const escaped = Array.from({ length: shown.length }, (_, index) => escapeUnit(shown.charCodeAt(index)));
  return `"${escaped.join('')}"`;
}

function escapeUnit(code: number): string {
  if (code === 0x22 || code === 0x5c) return `\\${String.fromCharCode(code)}`;
  if (code >= 0x20 && code < 0x7f) return String.fromCharCode(code);
  return `\\u${code.toString(16).padStart(4, '0')}`;
}

function codePoint(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
