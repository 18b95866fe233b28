import type { CaseRun } from './case-run.js';
import type { Judge } from './judge.js';
import type { PageVisit } from './page-visit.js';

interface Saved {
  readonly saved: string;
}

const approve = { name: /^Approve exactly/ };

/** Expectations about what somebody sees in a browser, and what the browser did. */
export const pageJudges: Readonly<Record<string, Judge>> = {
  async no_script_ran(run, { saved, canary }: Saved & { canary: string }) {
    const { page, complaints } = visitOf(run, saved);
    const left = await page.evaluate(`typeof ${canary}`);
    if (left !== 'undefined') return `${canary} is ${String(left)}: a script ran`;
    return complaints[0];
  },

  text_shown_verbatim(run, { saved, value }: Saved & { value: string }) {
    const text = run.expand(value);
    return textOf(run, saved).includes(text) ? undefined : `the page does not show ${text}`;
  },

  no_outbound_from_browser(run, { host }: { host: string }) {
    const unwanted = run.expand(host);
    const asked = [...run.pages.values()].flatMap((visit) => visit.asked);
    const found = asked.find((url) => new URL(url).host === unwanted);
    if (found !== undefined) return `the browser asked for ${found}`;
    const { connections } = run.fixture.canary;
    return connections === 0 ? undefined : `${unwanted} was contacted ${connections} times`;
  },

  tail_visible_or_flagged(run, { saved, tail }: Saved & { tail: string }) {
    const text = textOf(run, saved);
    const isFlagged = /truncated, \d+ bytes hidden/.test(text);
    return text.includes(tail) || isFlagged ? undefined : `${tail} is not seen, and nothing says so`;
  },

  async approve_disabled_until_expanded(run, { saved }: Saved) {
    const { page } = visitOf(run, saved);
    const button = page.getByRole('button', approve);
    if (!(await button.isDisabled())) return 'what was not shown yet can be approved';
    await page.getByText(/^Open all/).click();
    return button.click({ trial: true, timeout: 5000 }).then(
      () => undefined,
      () => 'what was shown cannot be approved',
    );
  },

  async shows_gateway_name_first(run, { saved, tool }: Saved & { tool: string }) {
    const name = run.expand(tool);
    const { page } = visitOf(run, saved);
    const headline = await page.getByRole('heading', { level: 1 }).innerText();
    if (!headline.endsWith(` ${name}`)) return `the headline is ${headline}`;
    const text = textOf(run, saved);
    return text.indexOf(name) < text.indexOf('nverified')
      ? undefined
      : `${name} comes after what is not verified`;
  },

  label(run, { saved, value }: Saved & { value: string }) {
    return textOf(run, saved).toLowerCase().includes(value) ? undefined : `nothing is labelled ${value}`;
  },

  async link_schemes_only(run, { saved, schemes }: Saved & { schemes: string[] }) {
    const { page } = visitOf(run, saved);
    const found = await page.evaluate(linksOfPage);
    const links = found as string[];
    const own = new URL(page.url()).origin;
    const odd = links.find(
      (link) => !link.startsWith(`${own}/`) && !schemes.some((one) => link.startsWith(`${one}:`)),
    );
    return odd && `the page links ${odd}`;
  },
};

/** A text, for it runs in the page: whatever there leads or loads anything. */
const linksOfPage = `[...document.querySelectorAll('[href], [src], [action], [formaction], [data], [poster]')].flatMap(
  (one) => [one.href, one.src, one.action, one.formAction, one.data, one.poster].filter((link) => typeof link === 'string' && link !== ''))`;

function visitOf(run: CaseRun, saved: string): PageVisit {
  const visit = run.pages.get(saved);
  if (visit === undefined) throw new Error(`no page was saved as ${saved}`);
  return visit;
}

/** What was to be read there when it was opened. */
function textOf(run: CaseRun, saved: string): string {
  return run.dumps.get(saved) ?? '';
}
