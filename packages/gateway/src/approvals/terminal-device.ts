import { closeSync, openSync, readFileSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { ReadStream, WriteStream } from 'node:tty';

/** The terminal that a person started this process from. */
export interface TerminalDevice {
  readonly columns: number;
  write(text: string): void;
  /** Whether this process may read from it now; one in the background would be stopped if it did. */
  isOurs(): boolean;
  /**
   * Hands on what is typed from now on, key by key and without showing it, until the returned function is called; the
   * terminal is as it was then. `onEnd` is told once when nobody can type any more.
   */
  listen(onText: (text: string) => void, onEnd: () => void): () => void;
  close(): void;
}

const names =
  process.platform === 'win32'
    ? { input: 'CONIN$', output: 'CONOUT$' }
    : { input: '/dev/tty', output: '/dev/tty' };
const usualColumns = 80;

/** Opens the controlling terminal, whatever stdin and stdout are; undefined where there is none. */
export function openTerminal(): TerminalDevice | undefined {
  const opened: number[] = [];
  try {
    opened.push(openSync(names.input, 'r+'));
    opened.push(openSync(names.output, 'r+'));
    const [input = -1, output = -1] = opened;
    return deviceOf(new ReadStream(input), new WriteStream(output));
  } catch {
    for (const fd of opened) closeSync(fd);
    return undefined;
  }
}

function deviceOf(input: ReadStream, output: WriteStream): TerminalDevice {
  let isGone = false;
  const gone = (): void => {
    isGone = true;
  };
  // A terminal that is closed fails to read and to write; whoever listens hears of it below.
  input.on('error', gone).on('end', gone);
  output.on('error', gone);
  return {
    get columns() {
      return output.columns > 0 ? output.columns : usualColumns;
    },
    write(text) {
      if (!isGone) output.write(text);
    },
    isOurs: () => !isGone && isInForeground(),
    listen(onText, onEnd) {
      const decoder = new StringDecoder('utf8');
      const heard = (bytes: Buffer): void => onText(decoder.write(bytes));
      input.setRawMode(true);
      input.on('data', heard).on('end', onEnd).on('error', onEnd);
      input.resume();
      return () => {
        input.off('data', heard).off('end', onEnd).off('error', onEnd);
        input.pause();
        if (!isGone) input.setRawMode(false);
      };
    },
    close() {
      input.destroy();
      output.destroy();
    },
  };
}

/** On systems without /proc nobody can tell, and somebody who started it is taken to be there. */
function isInForeground(): boolean {
  let status: string;
  try {
    status = readFileSync('/proc/self/stat', 'utf8');
  } catch {
    return true;
  }
  // The name of the program, in parentheses, may hold anything; then come state, parent, group, session, terminal, its group.
  const [, , group, , , foreground] = status.slice(status.lastIndexOf(')') + 2).split(' ');
  return group === foreground;
}
