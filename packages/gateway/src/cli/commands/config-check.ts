import { ConfigError, type ConfigProblem, formatProblem } from '../../app/config/config-error.js';
import type { EffectiveConfig } from '../../app/config/effective-config.js';
import { loadConfig } from '../../app/config/load-config.js';
import { ruleProblem } from '../../app/config/rule-problem.js';
import { openPanel } from '../../app/open-panel.js';
import { systemClock } from '../../lib/clock.js';
import type { Policy } from '../../policy/policy.js';
import { PolicyFaults, type PolicyProblem } from '../../policy/policy-problem.js';
import { type CommonOptions, type JsonOption, loadOptions, sayWarnings } from '../common-options.js';
import { print, printJson, say } from '../terminal.js';
import { visibleText } from '../visible-text.js';

interface CheckOptions extends CommonOptions, JsonOption {
  readonly connect?: boolean;
}

interface Finding {
  readonly config?: EffectiveConfig;
  readonly problems: readonly ConfigProblem[];
}

/** `config check`: every problem at once; 0 when there is none, 1 otherwise. */
export async function check(options: CheckOptions): Promise<number> {
  const { config, problems } = await examine(options);
  const valid = problems.length === 0;
  if (options.json === true) {
    printJson({ valid, file: config?.file, problems, warnings: config?.warnings ?? [] });
    return valid ? 0 : 1;
  }
  if (config !== undefined) sayWarnings(config);
  for (const problem of problems) say(`error: ${visibleText(formatProblem(problem))}`);
  if (valid && config !== undefined) print(summaryOf(config));
  return valid ? 0 : 1;
}

async function examine(options: CheckOptions): Promise<Finding> {
  try {
    const config = await loadConfig(loadOptions(options));
    const { policy } = await openPanel(config, systemClock);
    if (options.connect !== true) return { config, problems: [] };
    return { config, problems: (await checkAgainstTools(policy, config)).map(ruleProblem) };
  } catch (cause) {
    if (cause instanceof ConfigError) return { problems: cause.problems };
    if (cause instanceof PolicyFaults) return { problems: cause.problems.map(ruleProblem) };
    throw cause;
  }
}

async function checkAgainstTools(policy: Policy, config: EffectiveConfig): Promise<PolicyProblem[]> {
  const { withUpstreams } = await import('../connect-upstreams.js');
  return withUpstreams(config, (upstreams) => {
    const present = upstreams.status().map(({ id, state }) => ({ id, up: state === 'up' }));
    const offer = {
      tools: upstreams.tools(),
      prompts: upstreams.prompts(),
      resources: upstreams.resources(),
      templates: upstreams.templates(),
    };
    return policy.check(offer, present);
  });
}

function summaryOf(config: EffectiveConfig): string {
  const counted = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;
  const upstreams = counted(Object.keys(config.upstreams).length, 'upstream');
  return `${config.file ?? 'The configuration'} is valid: ${upstreams}, ${counted(config.policy.rules.length, 'rule')}.`;
}
