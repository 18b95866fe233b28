import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Cancellation } from '../lib/cancellation.js';
import { agentA } from './face-fixture.js';
import { type Attempt, attempt, parking, type Seen, said, yes } from './parked-fixture.js';
import { ProtocolFault } from './protocol-fault.js';

/** What happens next: to which of those there are, and how. */
interface Step {
  readonly what: 'call' | 'retry' | 'hang up' | 'withdraw' | 'wait';
  readonly which: number;
  readonly turns: number;
}

const limits = { perPrincipal: 4, total: 6, units: 6000, unitsPerPrincipal: 4000, answerMs: 1000 };
const callers = ['agent-a', 'agent-b'] as const;

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom('call', 'call', 'retry', 'retry', 'hang up', 'withdraw', 'wait'),
  which: fc.nat(50),
  turns: fc.nat(3),
});

async function turn(times: number): Promise<void> {
  for (let time = 0; time < times; time++) await new Promise(setImmediate);
}

function pick<Item>(items: readonly Item[], which: number): Item | undefined {
  return items[which % Math.max(1, items.length)];
}

/** Two callers and an upstream that asks, in rounds, as many things as the call's argument says. */
class Play {
  readonly #withdrawals: Cancellation[] = [];
  readonly #asked: { seen: Seen; caller: string; args: object }[] = [];
  readonly #attempts: Attempt[] = [];
  readonly house = parking(async (ask, call) => {
    const { rounds = 1, at = 1 } = (call.args?.value ?? {}) as { rounds?: number; at?: number };
    for (let round = 0; round < rounds; round++) {
      const params = { message: `${call.principal.id} ${'x'.repeat(100 * at)}` };
      const questions = Array.from({ length: at }, () => {
        const signal = new Cancellation();
        this.#withdrawals.push(signal);
        return ask('elicitation/create', params, { signal });
      });
      (await Promise.all(questions)).map(said);
    }
    return 'x'.repeat(500 * at);
  }, limits);
  sent = 0;
  answered = 0;
  readonly wrong: string[] = [];

  async take({ what, which, turns }: Step): Promise<void> {
    if (what === 'call')
      this.#send(pick(callers, which) ?? '', { rounds: 1 + (which % 3), at: 1 + (which % 2) });
    else if (what === 'retry') this.#retry(which);
    else if (what === 'hang up') pick(this.#attempts, which)?.cancellation.abort();
    else if (what === 'withdraw') pick(this.#withdrawals, which)?.abort();
    else this.house.clock.turn(which * 10);
    await turn(turns);
  }

  #retry(which: number): void {
    const asked = pick(this.#asked, which);
    if (asked === undefined) return;
    const { seen, caller, args } = asked;
    const answers = seen.keys.filter((_key, at) => (which + at) % 4 > 0).map((key) => [key, yes]);
    const more = { requestState: seen.state, inputResponses: Object.fromEntries(answers) };
    this.#send(which % 7 === 0 ? (pick(callers, which) ?? '') : caller, args, more);
  }

  #send(caller: string, args: object, more: object = {}): void {
    const sent = attempt({ arguments: args, ...more }, { principal: { ...agentA, id: caller } });
    this.#attempts.push(sent);
    this.sent += 1;
    void this.house.run(sent).then(
      (seen) => this.#hear(seen, caller, args),
      (cause: unknown) => {
        this.answered += 1;
        if (!(cause instanceof ProtocolFault)) this.wrong.push(String(cause));
      },
    );
  }

  #hear(seen: Seen, caller: string, args: object): void {
    this.answered += 1;
    if (seen.kind === 'input_required') this.#asked.push({ seen, caller, args });
    for (const { params } of Object.values(seen.requests)) {
      if (!String(params.message).startsWith(caller))
        this.wrong.push(`${caller} was asked ${String(params.message)}`);
    }
  }
}

test('whatever clients and servers do, each request is answered once and nobody sees the question of another', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const play = new Play();
      for (const one of steps) await play.take(one);
      for (let time = 0; time < 5; time++) {
        play.house.clock.turn(limits.answerMs);
        await turn(12);
      }
      expect([play.wrong, play.house.parked.size]).toEqual([[], 0]);
      expect(play.answered).toBe(play.sent);
      // All the room is there again.
      const more = { principal: agentA };
      const calls = [1, 2, 3, 4].map(() =>
        play.house.run(attempt({ arguments: { pad: 'x'.repeat(600) } }, more)),
      );
      const kinds = (await Promise.all(calls)).map(({ kind }) => kind);
      expect(kinds).toEqual(Array.from({ length: 4 }, () => 'input_required'));
    }),
    { numRuns: 100 },
  );
});
