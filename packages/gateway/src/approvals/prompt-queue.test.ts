import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../../test/fixtures/upstreams/manual-clock.js';
import { channelSuite } from '../testing/index.js';
import type { ChannelAnswer } from './approval-channel.js';
import type { ChannelOutcome } from './channel-outcome.js';
import { promptChannel } from './prompt-channel.js';
import type { TerminalDevice } from './terminal-device.js';

/** A terminal on which a test types. */
class FakeTerminal implements TerminalDevice {
  readonly columns = 80;
  text = '';
  isInForeground = true;
  isClosed = false;
  type: ((text: string) => void) | undefined;
  hangUp: (() => void) | undefined;

  write(text: string): void {
    this.text += text;
  }

  isOurs(): boolean {
    return this.isInForeground;
  }

  listen(onText: (text: string) => void, onEnd: () => void): () => void {
    this.type = onText;
    this.hangUp = onEnd;
    return () => {
      this.type = undefined;
      this.hangUp = undefined;
    };
  }

  close(): void {
    this.isClosed = true;
  }
}

const refused: ChannelOutcome = { kind: 'refused', problem: 'decided', message: 'It is answered already.' };

describe('the channel to a terminal keeps the promises of all channels', () => {
  const clock = new ManualClock();
  for (const { title, run } of channelSuite({
    create: (answer) =>
      promptChannel({ answer, after: (ms, then) => clock.after(ms, then) }, () => new FakeTerminal()),
  }))
    test(title, run);
});

describe('where there is no terminal', () => {
  for (const { title, run } of channelSuite({
    create: (answer) => promptChannel({ answer, after: () => () => undefined }, () => undefined),
  }))
    test(`it ${title}`, run);
});

test('a gateway in the background asks when it is in the foreground again', async () => {
  const clock = new ManualClock();
  const terminal = new FakeTerminal();
  const answers: ChannelAnswer[] = [];
  const channel = promptChannel(
    {
      after: (ms, then) => clock.after(ms, then),
      answer: async (answer) => {
        answers.push(answer);
        return refused;
      },
    },
    () => terminal,
  );
  terminal.isInForeground = false;
  const suite = channelSuite({ create: () => ({ tell: (notice) => channel.tell(notice, aborted) }) });
  const aborted = { aborted: false, addEventListener() {}, removeEventListener() {} };
  await suite[1]?.run();
  await clock.advance(5000);
  expect(terminal.text).toBe('');
  terminal.isInForeground = true;
  await clock.advance(1000);
  await clock.advance(150);
  expect(terminal.text).toContain('[A]pprove / [D]eny: transfer');
  terminal.hangUp?.();
  await clock.advance(0);
  expect(answers).toEqual([expect.objectContaining({ verdict: 'deny' })]);
  expect(terminal.text).toContain('-- It is answered already.');
  channel.close?.();
  expect(terminal.isClosed).toBe(true);
});
