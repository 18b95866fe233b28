import { setTimeout as sleep } from 'node:timers/promises';
import { hasPseudoTerminal, PseudoTerminal } from '../e2e/approvals/pseudo-terminal.js';
import type { CaseRun } from './case-run.js';
import type { Item } from './corpus.js';
import { holdById, holdNow } from './holds.js';
import type { Judge } from './judge.js';
import type { Step } from './steps.js';

/** Where the prompt ends, and an answer is waited for. */
const asks = 'then Enter.\r\n> ';

/** The approver of the cases, at a pseudo-terminal on which they are asked about what waits. */
async function asked(run: CaseRun): Promise<PseudoTerminal> {
  const { gateway } = run.fixture;
  const SALLYPORT_KEY = run.fixture.credentialOf('approver-1');
  const watch = ['approvals', 'watch', '--gateway', `http://${run.expand('{{HOST}}')}`];
  const terminal = PseudoTerminal.sallyport(gateway.folder, watch, { SALLYPORT_KEY });
  await terminal.shows('Ctrl-C ends it.');
  return terminal;
}

/** Steps at the prompt of a terminal. */
export const terminalSteps: Readonly<Record<string, Step>> = {
  async terminal_show(run, item) {
    const { hold, save } = item.terminal_show as { hold: string; save: string };
    const terminal = await asked(run);
    try {
      await terminal.shows(holdById(run, hold));
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
      const isWaiting = (await holdNow(run, hold)).state === 'pending';
      if (isWaiting) await terminal.shows(asks);
      terminal.type(input === '' ? '\u0004' : input);
      for (
        const deadline = Date.now() + 5000;
        (await holdNow(run, hold)).state === 'pending';
        await sleep(20)
      )
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

/** Whether a case is at a terminal where there is none to be had. */
export function lacksTerminal(steps: readonly Item[]): boolean {
  return !hasPseudoTerminal && steps.some((item) => 'terminal_show' in item || 'terminal_answer' in item);
}
