import { isoTime } from '../lib/clock.js';
import { isJsonObject } from '../lib/json/parse-json.js';
import type { LimitView } from '../limits/limit-view.js';
import { sessionBudgets } from '../limits/session-budgets.js';
import type { JsonObject, JsonObjectText } from '../model/json.js';
import type { Limit } from '../model/obligation.js';
import type { Tool } from '../model/tool.js';
import type { ForwardRequest, UpstreamReply } from '../model/upstream.js';
import { createOwnTool, type OwnTool } from '../upstreams/own-tools.js';
import { isVisible } from './govern-listing.js';
import type { House, Snapshot } from './house.js';

/** What the tool looks at. */
export type LimitsToolHouse = Pick<House, 'snapshot' | 'upstreams' | 'limits' | 'clock'>;

/** Limits that are told at a time, and names of tools with each. */
const mostTold = 100;
const mostNamed = 20;

const definition = {
  name: 'sallyport.limits',
  title: 'What may still be spent and called',
  description:
    'Tells which limits and budgets of the gateway apply to your calls: what is left of each and when there is room again. Name a tool, and give the arguments you mean to call it with, to learn of that call alone.',
  inputSchema: {
    type: 'object',
    properties: {
      tool: { type: 'string', description: 'The name of a tool; without it all that you may see.' },
      arguments: { type: 'object', description: 'The arguments that the tool would be called with.' },
    },
    additionalProperties: false,
  },
  outputSchema: {
    type: 'object',
    properties: { limits: { type: 'array', items: { type: 'object' } } },
    required: ['limits'],
  },
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
};

/** The tool by which callers ask what they may still spend. It takes nothing of what it tells, and asks nobody. */
export function createLimitsTool(house: () => LimitsToolHouse): OwnTool {
  return createOwnTool(definition, async (request) => answerOf(request, house()));
}

function answerOf(request: ForwardRequest, house: LimitsToolHouse): UpstreamReply {
  const { tool: name, arguments: given } = isJsonObject(request.args?.value) ? request.args.value : {};
  const snapshot = house.snapshot();
  const at = house.clock.now();
  const { principal } = request;
  const visible = house.upstreams.tools().filter((target) => isVisible(snapshot, { target, principal, at }));
  const meant = name === undefined ? visible : visible.filter(({ exposedName }) => exposedName === name);
  if (name !== undefined && meant.length === 0)
    return told({ isError: true, sentences: [`You may call no tool of the name ${JSON.stringify(name)}.`] });
  const args = isJsonObject(given) ? given : undefined;
  const standing = new Map<string, Standing>();
  for (const target of meant) collect(standing, { target, args, request, house, snapshot });
  const all = [...standing.values()].slice(0, mostTold);
  const sentences = all.length === 0 ? ['No limit of the gateway applies.'] : all.map(sentenceOf);
  return told({ sentences, structured: { limits: all.map(shown) } });
}

interface Standing {
  readonly view: LimitView;
  readonly tools: string[];
}

interface Look {
  readonly target: Tool;
  /** Where the caller says them. */
  readonly args: JsonObject | undefined;
  readonly request: ForwardRequest;
  readonly house: LimitsToolHouse;
  readonly snapshot: Snapshot;
}

function collect(standing: Map<string, Standing>, look: Look): void {
  const { target, args, request, house, snapshot } = look;
  const { principal } = request;
  const at = house.clock.now();
  const subject = {
    principal,
    session: principal.session?.root ?? request.session,
    upstream: target.upstream,
    target: target.name,
    args: args ?? {},
    priceMicros: snapshot.priceOf(target, at),
  };
  for (const limit of limitsOn(look)) {
    if (args === undefined && needsArguments(limit)) continue;
    const view = house.limits.view(limit, subject);
    const key = `${view.kind}\0${view.id}\0${view.scope}`;
    const known = standing.get(key);
    if (known === undefined) standing.set(key, { view, tools: [target.exposedName] });
    else known.tools.push(target.exposedName);
  }
}

/** Asked as a list asks: conditions on arguments are left open, and nobody beside the rules is heard. */
function limitsOn({ target, request: { principal }, house, snapshot }: Look): readonly Limit[] {
  const at = house.clock.now();
  const asked = { action: 'list', method: 'tools/call', principal, target, at, callId: '' } as const;
  const limits = snapshot.decide(asked).obligations?.limits ?? [];
  const { session } = principal;
  if (session === undefined) return limits;
  return [...limits, ...sessionBudgets(session, snapshot.sessions.scopesFor(target).includes('spend'))];
}

/** Which counter is meant depends on them. */
function needsArguments({ kind, per }: Limit): boolean {
  return kind === 'repeat' || per.some((key) => key.startsWith('arg:'));
}

function shown({ view, tools }: Standing): JsonObject {
  const { scope: _scope, counted: _counted, resetsAt, windowMs, ...state } = view;
  return {
    ...state,
    ...(windowMs === undefined ? {} : { windowSeconds: windowMs / 1000 }),
    ...(resetsAt === undefined ? {} : { resetsAt: isoTime(resetsAt) }),
    tools: tools.slice(0, mostNamed),
    ...(tools.length > mostNamed ? { moreTools: tools.length - mostNamed } : {}),
  };
}

function sentenceOf({ view, tools }: Standing): string {
  const { kind, id, left, max, unit = 'calls', resetsAt, windowMs } = view;
  const window = windowMs === undefined ? '' : ` in ${windowMs / 1000} s`;
  const when = resetsAt === undefined ? '' : `, again from ${isoTime(resetsAt)}`;
  const names = tools.slice(0, mostNamed).join(', ');
  const more = tools.length > mostNamed ? ` and ${tools.length - mostNamed} more` : '';
  return `${kind} "${id}": ${left} of ${max} ${unit}${window} left${when} (${names}${more})`;
}

interface Told {
  readonly sentences: readonly string[];
  readonly structured?: JsonObject;
  readonly isError?: boolean;
}

function told({ sentences, structured, isError }: Told): UpstreamReply {
  const value: JsonObject = {
    content: [{ type: 'text', text: sentences.join('\n') }],
    ...(structured === undefined ? {} : { structuredContent: structured }),
    ...(isError === true ? { isError } : {}),
  };
  const result: JsonObjectText = { text: JSON.stringify(value), value };
  return { kind: 'result', result };
}
