import { randomBytes } from 'node:crypto';

/** Agents whose keys the cases use, by placeholder. */
export const agents = { KEY_A: 'agent-a', KEY_B: 'agent-b', KEY_E: 'agent-e' } as const;

/** To whom the key of agent-a belongs. */
export const ownerOfA = 'owner-of-agent-a';

interface Person {
  readonly roles: readonly string[];
  readonly groups?: string;
}

/** People with tokens of the configuration, in which their groups can be changed while the gateway runs. */
const people: Readonly<Record<string, Person>> = {
  'approver-1': { roles: ['approver'], groups: 'finance' },
  'approver-2': { roles: ['approver'], groups: 'finance' },
  'approver-other-group': { roles: ['approver'], groups: 'legal' },
  [ownerOfA]: { roles: ['approver'], groups: 'finance' },
  'auditor-1': { roles: ['auditor'] },
};

/** The one who may approve beforehand; not there for most cases, in which there is one administrator. */
const headOfFinance = { 'head-of-finance': { roles: ['approver', 'admin'], groups: 'finance' } };

/** A caller with tokens, as the configuration has it. */
export interface ConfiguredPerson {
  readonly principal: string;
  readonly tokens: readonly string[];
  readonly roles: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

export interface People {
  readonly configured: readonly ConfiguredPerson[];
  /** What the configuration refers to, by variable. */
  readonly environment: Readonly<Record<string, string>>;
  /** The token of each, by name. */
  readonly tokens: Readonly<Record<string, string>>;
}

/** Gives each of them a token. */
export function makePeople({ withHead }: { readonly withHead: boolean }): People {
  const entries = Object.entries({ ...people, ...(withHead ? headOfFinance : {}) });
  const tokens = entries.map(([name]) => [name, randomBytes(24).toString('base64url')] as const);
  return {
    configured: entries.map(([principal, { roles, groups }]) => ({
      principal,
      tokens: [`env:${variableOf(principal)}`],
      roles,
      ...(groups === undefined ? {} : { labels: { groups } }),
    })),
    environment: Object.fromEntries(tokens.map(([name, token]) => [variableOf(name), token])),
    tokens: Object.fromEntries(tokens),
  };
}

function variableOf(person: string): string {
  return `TOKEN_OF_${person.toUpperCase().replaceAll('-', '_')}`;
}
