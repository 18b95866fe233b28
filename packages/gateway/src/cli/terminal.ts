/** Writes a line of data to stdout. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Writes a line for people to stderr. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Writes a value to stdout as JSON on lines of its own. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, bigintAsText, 2));
}

/** Writes a value to stdout as JSON on one line. */
export function printJsonLine(value: unknown): void {
  print(JSON.stringify(value, bigintAsText));
}

/** Integers beyond 2^53 are written as text, which every reader keeps exactly. */
function bigintAsText(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
