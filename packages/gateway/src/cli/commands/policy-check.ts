import { ConfigError, formatProblem } from '../../app/config/config-error.js';
import { loadConfig } from '../../app/config/load-config.js';
import { ruleProblem } from '../../app/config/rule-problem.js';
import { checkPolicy, type PolicyFinding } from '../../app/policy-tools/check-policy.js';
import { withBench } from '../../app/policy-tools/with-bench.js';
import { PolicyFaults } from '../../policy/policy-problem.js';
import { type CommonOptions, type JsonOption, loadOptions } from '../common-options.js';
import { print, printJson } from '../terminal.js';
import { snapshotFor, type ToolsOption } from '../tool-source.js';
import { visibleText } from '../visible-text.js';
import { withStoredLayer } from '../with-stored-layer.js';

interface CheckOptions extends CommonOptions, JsonOption, ToolsOption {
  readonly strict?: boolean;
}

/** `policy check`: what is wrong with the policy; 1 where the gateway would refuse it, or with `--strict` for any finding. */
export async function checkRules(options: CheckOptions): Promise<number> {
  const findings = await findingsFor(options);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  const valid = errors === 0 && (options.strict !== true || warnings === 0);
  if (options.json === true) printJson({ valid, findings });
  else {
    for (const finding of findings) print(visibleText(`${finding.severity}: ${formatProblem(finding)}`));
    print(`${counted(errors, 'error')}, ${counted(warnings, 'warning')}`);
  }
  return valid ? 0 : 1;
}

/** A policy that does not compile is not held against any tool. */
async function findingsFor(options: CheckOptions): Promise<PolicyFinding[]> {
  try {
    const config = await withStoredLayer(await loadConfig(loadOptions(options)));
    return await withBench(config, await snapshotFor(config, options.tools), checkPolicy);
  } catch (cause) {
    if (cause instanceof PolicyFaults)
      return cause.problems.map((problem) => ({
        severity: 'error',
        code: 'refused',
        rule: problem.rule,
        ...ruleProblem(problem),
      }));
    if (cause instanceof ConfigError)
      return cause.problems.map((problem) => ({ severity: 'error', code: 'refused', ...problem }));
    throw cause;
  }
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
