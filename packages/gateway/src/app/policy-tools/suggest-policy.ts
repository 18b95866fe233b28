import type { Tool } from '../../model/tool.js';
import { type SortedTool, sortTool, type ToolGroup, toolGroups } from './sort-tools.js';

const head = [
  '# A starting policy, made by "sallyport policy scan" from the tools that the servers offer now.',
  '# It was sorted by names, arguments and what the servers say of their tools, so it is a guess: read each line. Move',
  '# what is in the wrong group, narrow the rules with "when" and "principals", then run "sallyport policy check" and',
  '# write golden cases with "sallyport policy test --init". Tools that come later are denied until a rule names them.',
];

const groups: Readonly<Record<ToolGroup, { title: string; effect: string; more: readonly string[] }>> = {
  read: { title: 'reads', effect: 'allow', more: [] },
  write: {
    title: 'changes things',
    effect: 'ask',
    more: ['reason: It changes something.'],
  },
  destructive: {
    title: 'destroys things',
    effect: 'deny',
    more: ['reason: It cannot be undone.'],
  },
  spends: {
    title: 'spends money',
    effect: 'ask',
    more: [
      'reason: It spends money.',
      '# limits:',
      '#   - { kind: budget, max: 100, unit: USD, window: day, cost: { argument: amount } }',
    ],
  },
};

const longestDescription = 80;

/**
 * A policy as YAML with comments, ready to be put into a configuration: a rule for each group of tools of each upstream.
 * `describe` makes foreign text harmless; line breaks are taken out here.
 */
export function suggestPolicy(tools: readonly Tool[], describe: (text: string) => string): string {
  const upstreams = [...new Set(tools.map(({ upstream }) => upstream))];
  const rules = upstreams.flatMap((id) => {
    const sorted = tools.filter(({ upstream }) => upstream === id).map(sortTool);
    const present = toolGroups.filter((group) => sorted.some((one) => one.group === group));
    return present.flatMap((group) => ruleLines(id, group, { sorted, describe }));
  });
  const list = rules.length === 0 ? ['  rules: []'] : ['  rules:', ...rules];
  return `${[...head, 'policy:', '  default: deny', ...list].join('\n')}\n`;
}

interface Known {
  readonly sorted: readonly SortedTool[];
  readonly describe: (text: string) => string;
}

function ruleLines(upstream: string, group: ToolGroup, { sorted, describe }: Known): string[] {
  const { title, effect, more } = groups[group];
  const members = sorted.filter((one) => one.group === group);
  const names = members.map(
    ({ tool, because }) =>
      `          - ${JSON.stringify(`${upstream}:${tool.name}`)} # ${onOneLine(because, describe)}${descriptionOf(tool, describe)}`,
  );
  return [
    '',
    `    # What ${title}, of ${upstream}: ${members.length} ${members.length === 1 ? 'tool' : 'tools'}`,
    `    - id: ${upstream}-${group}`,
    '      match:',
    '        tools:',
    ...names,
    `      effect: ${effect}`,
    ...more.map((line) => `      ${line}`),
  ];
}

function descriptionOf({ definition }: Tool, describe: (text: string) => string): string {
  const { description } = definition.value;
  if (typeof description !== 'string') return '';
  const line = onOneLine(description, describe);
  return line === '' ? '' : `: ${line}`;
}

/** Names and descriptions are the upstream's words: in a comment they must not end the line, nor deceive who reads it. */
function onOneLine(text: string, describe: (text: string) => string): string {
  const line = describe(text.replace(/\s+/g, ' ').trim());
  return line.length > longestDescription ? `${line.slice(0, longestDescription)}…` : line;
}
