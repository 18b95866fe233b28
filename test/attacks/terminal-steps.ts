import { setTimeout as sleep } from 'node:timers/promises';
import { hasPseudoTerminal, PseudoTerminal } from '../e2e/approvals/pseudo-terminal.js';
import type { CaseRun } from './case-run.js';
import type { Item } from './corpus.js';
import type { Judge } from './judge.js';
import { holdsOf } from './operator-steps.js';
import type { Step } from './steps.js';

/** Where the prompt ends, and an answer is waited for. */
const asks = 'then Enter.\r\n> ';

/** The approver of the cases, at a pseudo-terminal on which they are asked about what waits. */
async function asked(run: CaseRun): Promise<PseudoTerminal> {
  const { gateway, approverKey } = run.fixture;
  const watch = ['approvals', 'watch', '--gateway', `http://${run.expand('{{HOST}}')}`];
  const terminal = PseudoTerminal.sallyport(gateway.folder, watch, { SALLYPORT_KEY: approverKey });
  await terminal.shows('Ctrl-C ends it.');
  return terminal;
}

async function stateOf(run: CaseRun, hold: string): Promise<string | undefined> {
  return (await holdsOf(run, '')).find(({ id }) => id === run.holds.get(hold))?.state;
}

/** Steps at the prompt of a terminal. */
export const terminalSteps: Readonly<Record<string, Step>> = {
  async terminal_show(run, item) {
    const { hold, save } = item.terminal_show as { hold: string; save: string };
    const terminal = await asked(run);
    try {
      await terminal.shows(run.holds.get(hold) ?? '');
      const shown = await terminal.shows(asks);
      run.dumps.set(save, shown.slice(shown.indexOf('-- A call waits')).replaceAll('\r\n', '\n'));
    } finally {
      terminal.kill();
    }
  },

  /** No input is its end. Where nothing waits any more nobody is asked, and what is typed is for nobody. */
  async terminal_answer(run, item) {
    const { hold, input } = item.terminal_answer as { hold: string; input: string };
    const terminal = await asked(run);
    try {
      const isWaiting = (await stateOf(run, hold)) === 'pending';
      if (isWaiting) await terminal.shows(asks);
      terminal.type(input === '' ? '\u0004' : input);
      for (const deadline = Date.now() + 5000; (await stateOf(run, hold)) === 'pending'; await sleep(20))
        if (Date.now() > deadline) throw new Error('the answer at the terminal was not taken');
    } finally {
      terminal.kill();
    }
  },
};

/** Expectations about what a terminal was sent. */
export const terminalJudges: Readonly<Record<string, Judge>> = {
  terminal_bytes_none(run, { saved }: { saved: string }) {
    const shown = run.dumps.get(saved) ?? '';
    // Every class of the corpus: C0 but line feed and tab, DEL, C1, bidi controls, line and paragraph separators.
    const found = Array.from(shown).find((one) =>
      /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069\u2028\u2029]/u.test(one),
    );
    if (shown === '') return 'nothing was shown';
    return found && `the terminal was sent ${JSON.stringify(found)}`;
  },

  shows_escape(run, { saved, code }: { saved: string; code: string }) {
    return run.dumps.get(saved)?.includes(code) === true ? undefined : `${code} is not shown`;
  },
};

/** Whether a case is about the terminal, and can be run here. */
export function isAtTerminal(steps: readonly Item[]): boolean {
  return hasPseudoTerminal && steps.some((item) => 'terminal_show' in item || 'terminal_answer' in item);
}
