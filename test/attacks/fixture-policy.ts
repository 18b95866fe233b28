import type { Item } from './corpus.js';

/** A rule of the configuration. */
export interface Rule {
  readonly id: string;
  readonly match: {
    readonly tools: readonly string[];
    readonly principals?: readonly string[];
    readonly methods?: readonly string[];
  };
  readonly when?: string;
  readonly during?: readonly string[];
  readonly effect: 'allow' | 'ask' | 'deny' | 'hide' | 'limit';
  readonly approval?: { readonly approvers: readonly string[]; readonly quorum?: number };
  readonly limits?: readonly object[];
  readonly reason?: string;
}

interface More extends Partial<Omit<Rule, 'match'>> {
  readonly methods?: readonly string[];
}

function forAgentA(id: string, tools: string[], { methods, ...more }: More = {}): Rule {
  const match = { tools, principals: ['agent-a'], ...(methods === undefined ? {} : { methods }) };
  return { id, match, effect: 'allow', ...more };
}

const mailInside = 'size(args.to) > 0 && args.to.all(to, emailDomain(to) == "corp.example")';

/**
 * The fixture policy, without its budget and its rate: cases share a gateway, and would use them up for each other. Those
 * about them have them by a set-up.
 */
export const fixtureRules: readonly Rule[] = [
  {
    id: 'no-delete',
    match: { tools: ['files:delete_file'] },
    effect: 'deny',
    reason: 'Files are never deleted.',
  },
  forAgentA('public-files', ['files:read_file', 'files:list_dir'], {
    when: 'args.path.within("/data/public")',
  }),
  forAgentA('small-transfers', ['pay:transfer'], {
    when: 'args.currency == "EUR" && args.amount > 0 && args.amount <= 100',
  }),
  forAgentA('large-transfers', ['pay:transfer'], {
    effect: 'ask',
    when: 'args.currency == "EUR" && args.amount > 100 && args.amount <= 10000',
    approval: { approvers: ['finance'] },
  }),
  forAgentA('balance', ['pay:balance']),
  forAgentA('refund-in-office-hours', ['pay:refund'], { during: ['mon-fri 09:00-17:00 Europe/Berlin'] }),
  forAgentA('mail-inside', ['mail:send'], { when: mailInside }),
  forAgentA('mail-outside', ['mail:send'], { effect: 'ask', when: `!(${mailInside})` }),
  forAgentA('select-only', ['db:query'], { when: 'args.sql.matches("(?s)SELECT [^;]*")' }),
  forAgentA('run', ['db:run']),
  forAgentA('echo', ['echo:*']),
  { id: 'echo-for-b', match: { tools: ['echo:echo'], principals: ['agent-b'] }, effect: 'allow' },
];

/** The fixture allows echo at any time, so the hours are a ban outside of them. */
function onlyDuring(schedule: string): Record<string, Rule[]> {
  const when = `!now.during(${JSON.stringify(schedule)})`;
  const rule = forAgentA('echo-in-its-hours', ['echo:echo'], { effect: 'deny', when });
  return { [`agent-a may call echo.echo only ${schedule}`]: [rule] };
}

const evilForE: readonly Rule[] = [
  { id: 'evil-for-e', match: { tools: ['evil:*'], principals: ['agent-e'] }, effect: 'allow' },
];

/** In this set-up nothing of the upstream evil counts before a person has accepted it. */
export const approvedOnly = 'agent-e may call evil.* (approved definitions only)';

/** What the fixture policy says of money and of calls in a minute. */
export const ofBudget = 'the budget of agent-a counts';
export const ofRate = 'the rate of agent-a counts';

/** Before a call of pay.transfer is sent, it waits until that of pay.balance is five seconds ago. */
export const waitsForTurn = 'pay.transfer waits for its turn';

const limitRules: Readonly<Record<string, readonly Rule[]>> = {
  [ofBudget]: [
    forAgentA('daily', ['pay:transfer'], {
      effect: 'limit',
      limits: [
        {
          kind: 'budget',
          id: 'agent-a-pay-daily',
          max: '1000',
          unit: 'EUR',
          window: 'day',
          zone: 'Europe/Berlin',
          cost: { argument: 'amount' },
        },
      ],
    }),
  ],
  [ofRate]: [
    forAgentA('pace', ['*:*'], { effect: 'limit', limits: [{ kind: 'rate', max: 60, windowSeconds: 60 }] }),
  ],
  [waitsForTurn]: [
    forAgentA('turns', ['pay:transfer', 'pay:balance'], {
      effect: 'limit',
      limits: [{ kind: 'rate', max: 1, windowSeconds: 5, queueSeconds: 30 }],
    }),
  ],
};

/** In this set-up pay may say of its tools what it likes, at any time. */
export const followsPay = 'changed tool definitions are accepted automatically in this case';

/** In these whoever goes away takes the hold along, or leaves it to the gateway. */
export const endsWithCaller = 'a call waits as long as its caller does';
export const carriedOut = 'the gateway makes approved calls itself';

/** What a set-up says of approvals. */
export const approvalSettings: Readonly<Record<string, object>> = {
  [endsWithCaller]: { mode: 'wait', waitSeconds: 30 },
  [carriedOut]: { onApprove: 'execute' },
};

/** What a set-up of a case adds to the policy; a set-up that is not here cannot be made. */
export const extraRules: Readonly<Record<string, readonly Rule[]>> = {
  'agent-b may call echo.slow': [
    { id: 'slow-for-b', match: { tools: ['echo:slow'], principals: ['agent-b'] }, effect: 'allow' },
  ],
  ...limitRules,
  [followsPay]: [],
  [endsWithCaller]: [],
  [carriedOut]: [],
  'pay.transfer above 100 needs two approvers of finance': [
    forAgentA('two-of-finance', ['pay:transfer'], {
      effect: 'ask',
      when: 'args.amount > 100',
      approval: { approvers: ['finance'], quorum: 2 },
    }),
  ],
  'budget off for this case': [],
  'rate limit off for this case': [],
  'rate limits off for this case': [
    { id: 'balance-for-b', match: { tools: ['pay:balance'], principals: ['agent-b'] }, effect: 'allow' },
  ],
  [approvedOnly]: evilForE,
  'agent-e may call evil.*; first definition is accepted on trust in this case': evilForE,
  'agent-a may call pay.batch when every items[].amount <= 100 and the sum <= 200': [
    forAgentA('batch', ['pay:batch'], {
      when: 'size(args.items) > 0 && args.items.all(i, i.amount <= 100) && args.items.map(i, i.amount).sum() <= 200',
    }),
  ],
  ...onlyDuring('02:00-03:00 Europe/Berlin'),
  ...onlyDuring('01:30-02:00 Australia/Lord_Howe'),
  ...onlyDuring('22:00-06:00 America/New_York'),
  'agent-b does not know pay': [
    { id: 'hidden-pay', match: { tools: ['pay:*'], principals: ['agent-b'] }, effect: 'hide' },
  ],
  'elicitation from echo is allowed': [
    forAgentA('echo-may-ask', ['echo:ask'], { methods: ['elicitation/create'] }),
  ],
};

/** Whether the fixture can be set up that way. */
export function canSetUp(item: Item): boolean {
  // What the gateway is without any further setting.
  if (item.config === 'production profile: private ranges blocked, https only') return true;
  return typeof item.policy === 'string' && Object.hasOwn(extraRules, item.policy);
}

/** What the corpus says of rules that a case adds, in the words of the configuration. */
export const addedRules: Readonly<Record<string, Rule>> = {
  'allow agent-a files.*': forAgentA('all-files', ['files:*']),
  'deny agent-a echo.echo when jwt.claims.team.name == "ops"': forAgentA('not-for-ops', ['echo:echo'], {
    effect: 'deny',
    when: 'principal.labels.team == "ops"',
  }),
  'allow agent-a echo.echo when args.s matches "(x|xx|xxx)*y$"': forAgentA('matches', ['echo:echo'], {
    when: 'args.s.matches("(x|xx|xxx)*y$")',
  }),
  'allow agent-a echo.echo when has(args.toString) or args.constructor != null': forAgentA(
    'inherited',
    ['echo:echo'],
    { when: 'has(args.toString) || has(args.constructor)' },
  ),
  'deny agent-a echo.echo when not has(args.ok)': forAgentA('without-ok', ['echo:echo'], {
    effect: 'deny',
    when: '!has(args.ok)',
  }),
};
