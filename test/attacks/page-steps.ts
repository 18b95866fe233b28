import type { CaseRun } from './case-run.js';
import { holdById } from './holds.js';
import { type PageVisit, visitPage } from './page-visit.js';
import type { Step } from './steps.js';

interface Opened {
  readonly as: string;
  /** `hold:h1`, or a page of the console. */
  readonly page: string;
  readonly save: string;
}

/** Steps of people at a browser. */
export const pageSteps: Readonly<Record<string, Step>> = {
  async console_open(run, item, counters) {
    const { as, page, save } = item.console_open as Opened;
    const [kind, hold = ''] = page.split(':');
    const key = run.fixture.credentialOf(as);
    const visit = await (kind === 'hold'
      ? visitHold(run, key, holdById(run, run.expand(hold, counters)))
      : visitConsole(run, key));
    await lookAtEverything(visit);
    run.pages.set(save, visit);
    run.dumps.set(save, await visit.page.locator('body').innerText());
  },
};

function visitHold(run: CaseRun, key: string, hold: string): Promise<PageVisit> {
  const url = `${run.expand('http://{{HOST}}')}/approve/${hold}`;
  return visitPage({ url, key, label: 'Key of an approver', button: 'Sign in', seen: '#arguments' });
}

/** All of the console is one page. */
function visitConsole(run: CaseRun, key: string): Promise<PageVisit> {
  const url = `${run.expand('http://{{HOST}}')}/console`;
  const label = 'Key with the role auditor';
  return visitPage({ url, key, label, button: 'Sign in', seen: '#records .time' });
}

/** Moves the pointer over every cell, as who reads does: what waits for that shall not be missed. */
async function lookAtEverything({ page }: PageVisit): Promise<void> {
  for (const cell of (await page.locator('main td, main dd').all()).slice(0, 60)) await cell.hover();
}
