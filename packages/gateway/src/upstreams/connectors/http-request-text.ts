export interface HttpMessage {
  readonly method: 'POST' | 'GET' | 'DELETE';
  /** Flat list of names and values. */
  readonly headers: string[];
  readonly body?: string;
}

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const printable = /^[\x20-\x7e]*$/;
const target = /^\/[\x21-\x7e]*$/;

/** One request as it goes over the wire. */
export interface RequestText {
  readonly text: string;
  /** With which the text becomes its bytes; the plainer one where both give the same. */
  readonly encoding: 'latin1' | 'utf8';
}

/** Writes the requests to one endpoint. */
export class RequestWriter {
  readonly #afterMethod: string;

  constructor({ pathname, search, host }: URL) {
    const path = pathname + search;
    if (!target.test(path) || !printable.test(host)) throw new TypeError('the URL is not written in ASCII');
    this.#afterMethod = ` ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\n`;
  }

  /** Throws for a header that would not be one line of ASCII; the error has its name and not its value. */
  write({ method, headers, body }: HttpMessage): RequestText {
    let head = method + this.#afterMethod;
    for (let index = 0; index < headers.length; index += 2) {
      const name = headers[index] ?? '';
      const value = headers[index + 1] ?? '';
      if (!token.test(name)) throw new TypeError('the name of a header is not allowed in HTTP');
      if (!printable.test(value)) {
        throw new TypeError(`the value of the header "${name}" is not printable ASCII`);
      }
      head += `${name}: ${value}\r\n`;
    }
    if (body === undefined) return { text: `${head}\r\n`, encoding: 'latin1' };
    const length = Buffer.byteLength(body);
    const encoding = length === body.length ? 'latin1' : 'utf8';
    return { text: `${head}content-length: ${length}\r\n\r\n${body}`, encoding };
  }
}
