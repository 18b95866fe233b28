import type { Readable, Writable } from 'node:stream';
import { onOneLine } from '../lib/json/members.js';
import { LineReader } from '../lib/line-reader.js';
import type { Principal } from '../model/principal.js';
import { type DuplexChannel, DuplexConversation, type Unreadable } from './duplex-conversation.js';
import { mostUnreadBytes } from './exchange.js';
import type { FaceOptions } from './face-options.js';
import { errorCodes, ProtocolFault } from './protocol-fault.js';

export interface StdioFaceOptions extends FaceOptions {
  readonly input: Readable;
  /** Carries nothing but MCP. */
  readonly output: Writable;
  readonly principal: Principal;
  /** The one upstream that is served; absent for all of them. */
  readonly endpoint?: string;
  /** Default 4 MiB. */
  readonly maxLineBytes?: number;
  /** Ends the conversation as the end of the input does. */
  readonly stop?: AbortSignal;
}

const defaultMaxLineBytes = 4 * 1024 * 1024;

/**
 * Serves one client over newline-delimited JSON, both eras at any time. Resolves once the input has ended and every
 * request has been answered, or once nobody reads the answers any more.
 */
export function serveStdio(options: StdioFaceOptions): Promise<void> {
  const { input, output, stop } = options;
  const channel = new LineChannel(output);
  const conversation = new DuplexConversation(options, channel);
  const lines = new LineReader(options.maxLineBytes ?? defaultMaxLineBytes, {
    line: (bytes) => channel.refuse(conversation.receive(bytes)),
    tooLong: () => channel.refuse(conversation.unreadable(tooLong)),
  });
  return new Promise((resolve) => {
    function end(): void {
      input.off('data', read);
      input.pause();
      conversation.hangUp();
      // The empty write is done when all before it are; it fails at once where nobody reads any more.
      void conversation.settled().then(() => output.write('', () => resolve()));
    }
    function read(chunk: Buffer | string): void {
      lines.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
      if (!output.writableNeedDrain) return;
      input.pause();
      output.once('drain', () => input.resume());
    }
    input.on('data', read);
    input.once('end', () => {
      lines.end();
      end();
    });
    input.once('error', end);
    input.once('close', end);
    stop?.addEventListener('abort', end, { once: true });
    output.on('error', (cause) => {
      options.log.warn({ err: cause }, 'nobody reads the answers any more');
      channel.close();
      conversation.abandon();
      end();
    });
  });
}

const tooLong = new ProtocolFault(errorCodes.parse, 'The line is too long');

/** One message a line. */
class LineChannel implements DuplexChannel {
  readonly arrival = { transport: 'stdio' } as const;
  readonly #output: Writable;
  #isClosed = false;

  constructor(output: Writable) {
    this.#output = output;
  }

  send(message: string, isSpare: boolean): boolean {
    if (this.#isClosed || (isSpare && this.#output.writableLength > mostUnreadBytes)) return false;
    this.#output.write(`${onOneLine(message)}\n`);
    return true;
  }

  refuse(unreadable: Unreadable | undefined): void {
    if (unreadable !== undefined) this.send(unreadable.text, false);
  }

  close(): void {
    this.#isClosed = true;
  }
}
