import { approvalRuleKinds, configSchema } from '#contract';
import { isZone } from '../../lib/calendar.js';
import type { RuleSpec } from '../../policy/rule.js';
import { writesCondition } from '../../policy/write-words.js';
import { type Finding, issuesToFindings } from '../config/issues-to-findings.js';
import { ruleSpecsOf } from '../config/policy-spec.js';
import type { Part } from './part.js';
import { Draft, type LimitInput, type RuleInput } from './translation.js';
import { celList, celNumber, escaped, exactly } from './written-names.js';

/** The kinds of policies: those that Haldir's article shows, those that only its server has, and its approval rules. */
export const haldirKinds = [
  'allow',
  'deny',
  'spend_limit',
  'rate_limit',
  'time_window',
  'block_tool',
  'allow_list',
  'deny_list',
  'require_approval',
  ...approvalRuleKinds,
] as const;

type Kind = (typeof haldirKinds)[number];
type Rule = Omit<RuleInput, 'id'>;
type BudgetInput = Extract<LimitInput, { kind: 'budget' }>;

/** One policy under way: what it is read from, and how its rules and limits are called. */
interface Policy {
  readonly part: Part;
  readonly id: string;
}

const largestAmount = 9_000_000;

/**
 * The rules that one policy stands for, with ids that begin with `id`. All of them restrict, so that any number of them
 * hold together in any order; what they leave open is for other rules or the default to allow. Where findings are given
 * the policy is refused.
 */
export function translateHaldirPolicy(
  body: unknown,
  id: string,
): { readonly rules: readonly RuleSpec[]; readonly findings: readonly Finding[] } {
  const draft = new Draft('haldir');
  addHaldirPolicy(draft, draft.read(body), id);
  if (draft.findings.length > 0) return { rules: [], findings: draft.findings };
  const parsed = configSchema.shape.policy.safeParse(draft.config.policy);
  if (!parsed.success) return { rules: [], findings: issuesToFindings(parsed.error.issues, body) };
  return { rules: ruleSpecsOf(parsed.data.rules), findings: [] };
}

/** Adds what one policy stands for to a draft. */
export function addHaldirPolicy(draft: Draft, part: Part, id: string): void {
  const kind = part.at('type').requiredOneOf(haldirKinds);
  if (kind === undefined) return;
  const rule = readers[kind]({ part, id });
  if (rule !== undefined) draft.addRule(id, rule, part);
}

const readers: Readonly<Record<Kind, (policy: Policy) => Rule | undefined>> = {
  allow: onlyTools,
  allow_list: onlyTools,
  deny: noTools,
  deny_list: noTools,
  block_tool: noTool,
  spend_limit: spendLimit,
  rate_limit: rateLimit,
  time_window: timeWindow,
  require_approval: approval,
  spend_over: approvalRule,
  tool_blocked: approvalRule,
  destructive: approvalRule,
  all: approvalRule,
};

function onlyTools({ part }: Policy): Rule | undefined {
  const tools = toolsOf(part.withKeys(['type', 'tools']));
  if (tools === undefined) return undefined;
  const list = celList(tools);
  // By the name that the tool is called by, or with its upstream: another upstream may have a tool of the same name.
  const named = `tool.exposed in ${list} || (tool.upstream + "." + tool.name) in ${list}`;
  return { match: {}, when: `!(${named})`, effect: 'deny', reason: 'The tool is not on the allow list.' };
}

function noTools({ part }: Policy): Rule | undefined {
  const tools = toolsOf(part.withKeys(['type', 'tools']));
  return tools && { match: { tools: tools.map(nameOf) }, effect: 'deny', reason: 'The tool is blocked.' };
}

function noTool({ part }: Policy): Rule | undefined {
  const tool = part.withKeys(['type', 'tool']).at('tool').requiredText('the name of a tool');
  if (tool === undefined) return undefined;
  const dotted = /^[\w.-]+$/.test(tool) ? [`*.${tool}`] : [];
  return { match: { tools: [nameOf(tool), ...dotted] }, effect: 'deny', reason: 'The tool is blocked.' };
}

function spendLimit({ part, id }: Policy): Rule | undefined {
  const isOfOneCall = part.at('max').isPresent && !part.at('max_usd').isPresent;
  if (isOfOneCall) {
    const max = part.withKeys(['type', 'max']).at('max').requiredNumber({ least: 0, most: largestAmount });
    return max === undefined ? undefined : { match: allTools, when: costsMoreThan(max), effect: 'deny' };
  }
  part.withKeys(['type', 'max_usd', 'per']);
  const max = part.at('max_usd').requiredNumber({ least: 0, most: largestAmount });
  part.at('per').requiredOneOf(['session']);
  if (max === undefined) return undefined;
  const budget: Omit<BudgetInput, 'cost'> = { kind: 'budget', max, per: ['session'], window: 'total' };
  return {
    match: allTools,
    effect: 'limit',
    limits: [
      { ...budget, id: limitId(id, 'amount'), cost: { argument: 'amount', optional: true } },
      { ...budget, id: limitId(id, 'price'), cost: { price: true } },
    ],
  };
}

function rateLimit({ part, id }: Policy): Rule | undefined {
  const isPerMinute = part.at('max_per_minute').isPresent && !part.at('max_calls').isPresent;
  part.withKeys(isPerMinute ? ['type', 'max_per_minute'] : ['type', 'max_calls', 'window_seconds']);
  const max = part
    .at(isPerMinute ? 'max_per_minute' : 'max_calls')
    .requiredNumber({ least: 1, most: 1e9, whole: true });
  const windowSeconds = isPerMinute
    ? 60
    : part.at('window_seconds').requiredNumber({ least: 0.001, most: 31_622_400 });
  if (max === undefined || windowSeconds === undefined) return undefined;
  const limit = {
    kind: 'rate' as const,
    id: limitId(id, 'calls'),
    max,
    windowSeconds,
    per: ['principal'],
  };
  return { match: allTools, effect: 'limit', limits: [limit] };
}

function timeWindow({ part }: Policy): Rule | undefined {
  const isByHour = part.at('start_hour').isPresent || part.at('end_hour').isPresent;
  return isByHour ? hoursWindow(part) : timesWindow(part);
}

function timesWindow(part: Part): Rule | undefined {
  part.withKeys(['type', 'allowed_hours', 'timezone']);
  const hours = part.at('allowed_hours');
  if (!hours.isPresent) hours.refuse('found nothing; expected {"start": "HH:MM", "end": "HH:MM"}');
  hours.withKeys(['start', 'end']);
  const zone = part.at('timezone').requiredText('an IANA time zone, for example America/New_York');
  if (zone !== undefined && !isZone(zone))
    part
      .at('timezone')
      .refuse(`found "${zone}", which is no time zone; expected an IANA name such as Europe/Berlin`);
  const [start, end] = [timeOf(hours.at('start')), timeOf(hours.at('end'))];
  if (start === undefined || end === undefined || zone === undefined) return undefined;
  if (start === end || start === '24:00')
    return hours.refuse(
      `found ${start} to ${end}, which is no time of the day; expected 00:00 to 24:00 for all of it`,
    );
  return outside(start, end, zone);
}

function hoursWindow(part: Part): Rule | undefined {
  part.withKeys(['type', 'start_hour', 'end_hour']);
  const start = part.at('start_hour').requiredNumber({ least: 0, most: 23, whole: true });
  const end = part.at('end_hour').requiredNumber({ least: 1, most: 24, whole: true });
  if (start === undefined || end === undefined) return undefined;
  if (start >= end)
    return part.refuse(
      'found an end_hour that is not after start_hour, a window that is never open; expected allowed_hours and timezone for one past midnight',
    );
  return outside(hourText(start), hourText(end), 'UTC');
}

/** Denies in the rest of the day, read from the same clock on the wall, so that the two meet without a gap. */
function outside(start: string, end: string, zone: string): Rule | undefined {
  if (start === '00:00' && end === '24:00') return undefined;
  const rest = `${end === '24:00' ? '00:00' : end}-${start} ${zone}`;
  return {
    match: {},
    during: [rest],
    effect: 'deny',
    reason: `Calls are allowed from ${start} to ${end}, ${zone}.`,
  };
}

function approval({ part }: Policy): Rule | undefined {
  part.withKeys(['type', 'tools', 'tool', 'threshold']);
  const [one, tools, threshold] = [part.at('tool'), part.at('tools'), part.at('threshold')];
  const over = threshold.number({ least: 0, most: largestAmount });
  if (!one.isPresent && !tools.isPresent && !threshold.isPresent)
    return part.refuse('found neither tools nor threshold; expected the tools that a person must approve');
  const text = one.isPresent ? one.requiredText('the name of a tool') : undefined;
  const named = tools.isPresent ? (toolsOf(part) ?? []) : [];
  const names = [...(text === undefined ? [] : [text]), ...named];
  return {
    match: names.length === 0 ? allTools : { tools: names.map(nameOf) },
    ...(over === undefined ? {} : { when: costsMoreThan(over) }),
    effect: 'ask',
  };
}

/** An approval rule. The members that its kind does not have may be there with what they are by default. */
function approvalRule({ part }: Policy): Rule | undefined {
  const kind = part.withKeys(['type', 'threshold', 'tools']).at('type').value;
  const [threshold, tools] = [part.at('threshold'), part.at('tools')];
  const isSpend = kind === 'spend_over';
  const bounds = { least: 0, most: largestAmount };
  const over = isSpend ? threshold.requiredNumber(bounds) : threshold.number(bounds);
  if (!isSpend && over !== undefined && over !== 0)
    threshold.refuse(
      `found ${over}, which means nothing for "${String(kind)}"; expected it with "spend_over"`,
    );
  const names = kind === 'tool_blocked' ? toolsOf(part) : tools.texts();
  if (names === undefined || (isSpend && over === undefined)) return undefined;
  const when = isSpend ? costsMoreThan(over ?? 0) : kind === 'destructive' ? destroys : undefined;
  return {
    match: names.length === 0 ? allTools : { tools: names.map(nameOf) },
    ...(when === undefined ? {} : { when }),
    effect: 'ask',
  };
}

/** By its name, or by what its server says of it; one that nothing is said of may. */
const destroys = `tool.destructive || ${writesCondition}`;

const allTools = { tools: ['*'] };

/** Negative amounts, and texts that are no number, count as too much. */
function costsMoreThan(max: number): string {
  const amount = 'double(args.amount)';
  return `has(args.amount) && !(${amount} >= 0.0 && ${amount} <= ${celNumber(max)})`;
}

function toolsOf(part: Part): string[] | undefined {
  const before = part.findings.length;
  const tools = part.at('tools').requiredTexts('a list of the names of tools');
  return part.findings.length === before ? tools : undefined;
}

/** `my-tools.scan` is the tool of one upstream; the dot may also belong to the name, so that one pattern means both. */
function nameOf(tool: string): string {
  const [, upstream, name] = /^([a-z0-9][a-z0-9-]{0,31})\.(.+)$/.exec(tool) ?? [];
  if (upstream === undefined || name === undefined) return exactly(tool);
  return `/${escaped(upstream)}[.:]${escaped(name)}/`;
}

function timeOf(part: Part): string | undefined {
  const text = part.requiredText('a time as HH:MM');
  if (text === undefined || /^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/.test(text)) return text;
  return part.refuse(`found ${JSON.stringify(text)}; expected a time as HH:MM, for example 09:00`);
}

function hourText(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}

function limitId(id: string, what: string): string {
  return `${id.slice(0, 56)}.${what}`;
}
