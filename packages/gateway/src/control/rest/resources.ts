/** The nouns of the REST face, for the document and for what a key may do. */
export const resources = {
  approvals: 'Calls that wait for a person, and the answers.',
  audit: 'What happened.',
  budgets: 'What may be spent, and what was.',
  compatibility: 'What other products document, literally.',
  config: 'What is in effect.',
  keys: 'The API keys of callers.',
  kill: 'What an operator has stopped at once, whatever the rules say.',
  limits: 'How often calls are made, and how many at once.',
  operations: 'For orchestrators and monitoring.',
  payments: 'Money of sessions for what is no call.',
  pins: 'Which definitions of upstreams may be used.',
  policies: 'Which calls are allowed: the rules of the file, and those made over REST.',
  principals: 'Who may call.',
  proxy: 'Tools, for programs that speak no MCP.',
  sessions: 'Bounded licences for agents.',
  status: 'How the gateway is.',
  tools: 'What callers may call.',
  upstreams: 'The servers behind the gateway.',
} as const;

export type Resource = keyof typeof resources;
