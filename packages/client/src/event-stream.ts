/** The `data` of each server-sent event of a response body, in order; events without data are left out. */
export async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let pending = '';
  let data: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      pending += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const { lines, rest } = splitLines(pending, done);
      pending = rest;
      for (const line of lines) {
        if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
        if (line !== '' || data.length === 0) continue;
        yield data.join('\n');
        data = [];
      }
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Splits at CRLF, LF or CR; a CR at the very end waits for the next chunk, since an LF may follow it. */
function splitLines(text: string, isLast: boolean): { lines: string[]; rest: string } {
  const held = !isLast && text.endsWith('\r');
  const lines = (held ? text.slice(0, -1) : text).split(/\r\n|\n|\r/);
  const rest = lines.pop() ?? '';
  return { lines, rest: held ? `${rest}\r` : rest };
}
