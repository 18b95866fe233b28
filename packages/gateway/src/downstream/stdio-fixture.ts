import { PassThrough } from 'node:stream';
import { agentA, deferred, type FakeOptions, fakeFace, type Message } from './face-fixture.js';
import { serveStdio } from './stdio-face.js';

/** For tests of this folder: a face over stdio with a fake pipeline behind it. */
export function startStdio(options: FakeOptions & { maxLineBytes?: number; endpoint?: string } = {}) {
  const fake = fakeFace(options);
  const input = new PassThrough();
  const output = new PassThrough();
  let written = '';
  const waiting: { count: number; resolve: () => void }[] = [];
  output.setEncoding('utf8');
  output.on('data', (text: string) => {
    written += text;
    for (const { count, resolve } of waiting) if (lines().length >= count) resolve();
  });
  const { maxLineBytes, endpoint } = options;
  const done = serveStdio({
    ...fake.face,
    input,
    output,
    principal: agentA,
    ...(maxLineBytes === undefined ? {} : { maxLineBytes }),
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  function lines(): string[] {
    return written.split('\n').slice(0, -1);
  }
  function messages(): Message[] {
    return lines().map((line) => JSON.parse(line) as Message);
  }
  return {
    ...fake,
    input,
    output,
    done,
    lines,
    messages,
    say: (...sent: object[]) => {
      for (const message of sent) input.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    },
    /** Resolves once so many lines are written. */
    heard: (count: number) => {
      const { promise, resolve } = deferred();
      waiting.push({ count, resolve });
      if (lines().length >= count) resolve();
      return promise;
    },
  };
}
