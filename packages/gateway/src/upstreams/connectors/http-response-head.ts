/** Something on the wire that is no HTTP/1.1 response, or one that two readers could understand differently. */
export class MalformedResponse extends Error {}

/** What is used of a response's head, and nothing else of it. */
export interface HttpHead {
  readonly status: number;
  /** Bytes of the body; undefined where its end is told in another way. */
  readonly length: number | undefined;
  readonly chunked: boolean;
  /** The connection is of no use after this response. */
  readonly closes: boolean;
  /** For how long the server says it keeps an idle connection, in seconds. */
  readonly keepAliveS: number | undefined;
  readonly type: string | undefined;
  readonly encoding: string | undefined;
  readonly session: string | undefined;
}

const mostFields = 200;
const statusLine = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: .*)?$/;
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Control characters but the tab, and a CR or LF that is no half of a line's end. */
const oddCharacter = /[^\t\r\n\x20-\x7e\x80-\xff]|\r(?!\n)|(?<!\r)\n/;
const space = 0x20;
const tab = 0x09;

/** Reads the text, one character a byte, of a head without its blank line. */
export function readHead(text: string): HttpHead {
  const lines = linesOf(text);
  const [, minor, status] = statusLine.exec(lines[0] ?? '') ?? [];
  if (status === undefined) throw new MalformedResponse('there is no HTTP/1.1 status line');
  const fields = new UsedFields();
  for (let index = 1; index < lines.length; index++) readField(lines[index] ?? '', fields);
  return headOf(Number(status), minor === '0', fields);
}

/** Checks what follows a chunked body; nothing in it is of use. `text` begins with the end of the line before. */
export function checkTrailers(text: string): void {
  const lines = linesOf(text);
  const dropped = new UsedFields();
  for (let index = 1; index < lines.length; index++) readField(lines[index] ?? '', dropped);
  if (dropped['content-length'] !== undefined || dropped['transfer-encoding'] !== undefined) {
    throw new MalformedResponse('the trailers tell of a length');
  }
}

class UsedFields {
  'content-length': string | undefined = undefined;
  'transfer-encoding': string | undefined = undefined;
  'content-type': string | undefined = undefined;
  'content-encoding': string | undefined = undefined;
  'mcp-session-id': string | undefined = undefined;
  'keep-alive': string | undefined = undefined;
  connection = '';
}

function linesOf(text: string): string[] {
  if (oddCharacter.test(text)) throw new MalformedResponse('a header has a character that is not allowed');
  const lines = text.split('\r\n', mostFields + 2);
  if (lines.length > mostFields + 1) throw new MalformedResponse(`there are more than ${mostFields} headers`);
  return lines;
}

function readField(line: string, fields: UsedFields): void {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(colon, 0));
  if (!token.test(name)) throw new MalformedResponse('a line of the head is no header');
  const folded = name.toLowerCase();
  switch (folded) {
    case 'content-length':
    case 'transfer-encoding':
    case 'content-type':
    case 'content-encoding':
    case 'mcp-session-id':
      if (fields[folded] !== undefined) throw new MalformedResponse(`the header ${folded} comes twice`);
      fields[folded] = fieldValue(line, colon + 1);
      break;
    case 'keep-alive':
      fields[folded] = fieldValue(line, colon + 1);
      break;
    case 'connection':
      fields[folded] += `,${fieldValue(line, colon + 1)}`;
      break;
    default:
  }
}

/** Without the blanks around it; `trim` would take other characters too. */
function fieldValue(line: string, start: number): string {
  let from = start;
  let to = line.length;
  while (from < to && isBlank(line.charCodeAt(from))) from++;
  while (to > from && isBlank(line.charCodeAt(to - 1))) to--;
  return line.slice(from, to);
}

function isBlank(code: number): boolean {
  return code === space || code === tab;
}

function headOf(status: number, old: boolean, fields: UsedFields): HttpHead {
  const coding = fields['transfer-encoding'];
  const announced = fields['content-length'];
  if (coding !== undefined && (coding.toLowerCase() !== 'chunked' || old)) {
    throw new MalformedResponse('the transfer coding is not "chunked"');
  }
  if (announced !== undefined && !/^\d{1,15}$/.test(announced)) {
    throw new MalformedResponse('the length of the body is no number');
  }
  if (coding !== undefined && announced !== undefined) {
    throw new MalformedResponse('the length of the body is told in two ways');
  }
  const closes = old || saysClose(fields.connection);
  const odd = status === 101 || closes || coding !== undefined || announced !== undefined;
  if (status < 200 && odd) {
    throw new MalformedResponse('there is an interim response that was not asked for');
  }
  const bodiless = status === 204 || status === 304;
  const length = announced === undefined ? undefined : Number(announced);
  return {
    status,
    length: bodiless ? 0 : length,
    chunked: coding !== undefined && !bodiless,
    closes: closes || (bodiless && (coding !== undefined || (length ?? 0) > 0)),
    keepAliveS: keepAliveOf(fields['keep-alive']),
    type: fields['content-type'],
    encoding: fields['content-encoding'],
    session: fields['mcp-session-id'],
  };
}

function saysClose(connection: string): boolean {
  return connection.split(',').some((option) => fieldValue(option, 0).toLowerCase() === 'close');
}

function keepAliveOf(value: string | undefined): number | undefined {
  const [, seconds] = /(?:^|[,\t ])timeout=(\d{1,9})(?:$|[,;\t ])/i.exec(value ?? '') ?? [];
  return seconds === undefined ? undefined : Number(seconds);
}
