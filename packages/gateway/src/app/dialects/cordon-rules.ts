import type { Rule } from './cordon-actions.js';
import type { Part } from './part.js';
import type { Draft, LimitInput } from './translation.js';
import { celText, escaped, exactly } from './written-names.js';

const longestQueueSeconds = 50;

/** At most so many calls a minute: of all tools, of one server, of a tool by its own name. All of them hold. */
export function addRateLimits(draft: Draft, part: Part, ids: ReadonlyMap<string, string>): void {
  part.withKeys(['maxCallsPerMinute', 'perServer', 'perTool', 'onExceeded']);
  const queues = part.at('onExceeded').oneOf(['block', 'queue']) === 'queue';
  const add = (name: string, match: Rule['match'], from: Part) => {
    const max = from.number({ least: 1, most: 1e9, whole: true });
    if (max === undefined) return;
    const limit: LimitInput = {
      kind: 'rate',
      max,
      windowSeconds: 60,
      per: [],
      ...(queues ? { queueSeconds: longestQueueSeconds } : {}),
    };
    draft.addRule(name, { match, effect: 'limit', limits: [limit] }, from);
  };
  add('rate', { tools: ['*'] }, part.at('maxCallsPerMinute'));
  for (const [server, max] of part.at('perServer').entries()) {
    const id = ids.get(server);
    if (id === undefined) max.refuse(`found ${JSON.stringify(server)}, which is no server of this file`);
    else add(`rate.${id}`, { upstreams: [id], tools: ['*'] }, max);
  }
  for (const [tool, max] of part.at('perTool').entries())
    add(`rate.${tool}`, { tools: [exactly(tool)] }, max);
  if (queues)
    draft.warn(
      part.path,
      `onExceeded "queue": a call waits up to ${longestQueueSeconds} seconds; Cordon refused it at once`,
    );
}

/** What may follow what, in everything that the caller did before. Such rules can only restrict. */
export function addCallGraph(draft: Draft, part: Part): void {
  for (const [index, edge] of part.items().entries()) {
    edge.withKeys(['from', 'to', 'action', 'reason', 'requireDataFlow']);
    const [from, to] = [patternOf(edge.at('from')), patternOf(edge.at('to'))];
    const action = edge.at('action').requiredOneOf(['allow', 'approve', 'block']);
    const reason = edge.at('reason').text();
    const flows = edge.at('requireDataFlow').flag() ?? false;
    if (from === undefined || to === undefined || action === undefined) continue;
    if (action === 'allow') {
      draft.remark(
        ['policy', 'rules'],
        `callGraph[${index}] allows; as these rules only raise what others say, it changes nothing.`,
      );
      continue;
    }
    const when = flows ? `history.dataFrom(${celText(from)}, args)` : `history.calls(${celText(from)}) > 0`;
    const effect = action === 'block' ? 'deny' : 'ask';
    const rule: Rule = { match: { tools: [to] }, when, effect, ...(reason === undefined ? {} : { reason }) };
    const path = draft.addRule(`callGraph-${index + 1}`, rule, edge);
    draft.remark(path, 'Looks at everything that the caller did before, not at the last call alone.');
  }
}

/** An exact name, a beginning with `*` behind it, or `*`. */
function patternOf(part: Part): string | undefined {
  const text = part.requiredText('the name of a tool, a beginning with "*" behind it, or "*"');
  if (text === undefined) return undefined;
  const stem = text.endsWith('*') ? text.slice(0, -1) : text;
  if (stem.includes('*')) return part.refuse(`found ${JSON.stringify(text)}; expected "*" at the end only`);
  if (stem === text) return exactly(text);
  return /^[\w.:@+-]*$/.test(stem) ? text : `/${escaped(stem)}(?s:.*)/`;
}
