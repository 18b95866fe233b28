import type { CaseRun } from './case-run.js';

/** A hold as the approval API shows it, as far as the corpus asks. */
export interface ShownHold {
  readonly id: string;
  readonly state: string;
  readonly createdAt: string;
  readonly bind: string;
  readonly votes: readonly { readonly verdict: string }[];
}

/** Holds as an approver sees them, newest first. */
export async function holdsOf(run: CaseRun, query: string): Promise<ShownHold[]> {
  const { approvals } = (await askAsApprover(run, `/v1/approvals${query}`)) as { approvals: ShownHold[] };
  return approvals;
}

/** The hold as it is now that the case knows by this name. */
export async function holdNow(run: CaseRun, name: string): Promise<ShownHold> {
  return (await askAsApprover(run, `/v1/approvals/${holdById(run, name)}`)) as ShownHold;
}

/** The id of the hold that the case knows by this name. */
export function holdById(run: CaseRun, name: string): string {
  const id = run.holds.get(name);
  if (id === undefined) throw new Error(`no hold was named ${name}`);
  return id;
}

async function askAsApprover(run: CaseRun, path: string): Promise<unknown> {
  const response = await fetch(`http://${run.expand('{{HOST}}')}${path}`, {
    headers: { authorization: `Bearer ${run.fixture.credentialOf('approver-1')}` },
  });
  if (response.status !== 200) throw new Error(`${path} was answered ${response.status}`);
  return response.json();
}
