import type { PolicyProblem } from '../policy/policy-problem.js';
import type { UpstreamEvent } from '../upstreams/upstream-event.js';
import type { Parts, Revision } from './assemble.js';
import { type ConfigError, formatProblem } from './config/config-error.js';
import type { EffectiveConfig } from './config/effective-config.js';
import { refusedRules } from './snapshot.js';
import { version } from './version.js';

/** What is not as it should be, in sentences for readiness. */
export interface RolloutFaults {
  /** Rules that do not fit the tools of an upstream that came up later; they deny for these tools. */
  readonly policy?: string;
  /** The last change of the configuration, if it was refused. */
  readonly reload?: string;
}

/** Brings configurations into force: checks the whole against what the upstreams offer, then swaps the whole. */
export class Rollout {
  readonly #parts: Parts;
  #begun = false;
  #policyFault: string | undefined;
  #reloadFault: string | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  faults(): RolloutFaults {
    return {
      ...(this.#policyFault === undefined ? {} : { policy: this.#policyFault }),
      ...(this.#reloadFault === undefined ? {} : { reload: this.#reloadFault }),
    };
  }

  /** Starts the upstreams and checks the rules against them; throws ConfigError when a rule does not fit. */
  async begin(): Promise<void> {
    const { trail, upstreams, revision } = this.#parts;
    const { policy } = revision.snapshot;
    await trail.write('gateway.started', { version, policy: { rev: policy.revision } });
    await upstreams.apply(revision.specs);
    await upstreams.settled();
    const problems = this.#check(revision);
    if (problems.length > 0) {
      const refusal = refusedRules(problems);
      trail.note('policy.rejected', { policy: { rev: policy.revision }, detail: short(refusal) });
      throw refusal;
    }
    this.#begun = true;
  }

  /** Puts a new configuration in force whole; throws ConfigError and changes nothing when it cannot work. */
  async change(config: EffectiveConfig): Promise<void> {
    const { trail, upstreams, revision: before, options } = this.#parts;
    const next = this.#parts.makeRevision(config);
    const problems = this.#check(next);
    if (problems.length > 0) throw refusedRules(problems);
    const policy = { rev: next.snapshot.policy.revision };
    await trail.write('policy.changed', { policy, before: before.snapshot.policy.revision });
    this.#parts.revision = next;
    await upstreams.apply(next.specs);
    this.#reloadFault = undefined;
    this.#recheck();
    options.log.info({ policy: policy.rev, upstreams: next.specs.length }, 'the configuration was changed');
    if (needsRestart(before.config, config)) {
      options.log.warn(
        {},
        'listen, control, dataDir, names and audit.durability change with the next start only',
      );
    }
  }

  rejected(cause: ConfigError): void {
    const { trail, revision, options } = this.#parts;
    this.#reloadFault = `the changed configuration was refused: ${short(cause)}`;
    trail.note('policy.rejected', {
      policy: { rev: revision.snapshot.policy.revision },
      detail: short(cause),
    });
    options.log.error(
      { problems: cause.problems },
      'the changed configuration was refused; the old one stays',
    );
  }

  /** Records what happens to upstreams, and checks the rules again when their tools change. */
  heard(event: UpstreamEvent): void {
    if (event.kind === 'tools_changed') {
      if (this.#begun) this.#recheck();
      return;
    }
    const { kind, upstream, ...more } = event;
    this.#parts.trail.note(`upstream.${kind}`, { upstream, ...more });
  }

  #recheck(): void {
    const problems = this.#check(this.#parts.revision);
    const fault = problems.length === 0 ? undefined : problems.map(({ message }) => message).join('; ');
    if (fault !== undefined && fault !== this.#policyFault) {
      const { trail, revision, options } = this.#parts;
      trail.note('policy.rejected', {
        policy: { rev: revision.snapshot.policy.revision },
        detail: fault.slice(0, 1000),
      });
      options.log.error({ problems }, 'rules do not fit the tools; they deny where they do not');
    }
    this.#policyFault = fault;
  }

  /** Upstreams that a revision changes or adds count as down: their tools are not known yet. */
  #check({ snapshot, specs }: Revision): PolicyProblem[] {
    const { upstreams } = this.#parts;
    const unchanged = new Set(specs.filter((spec) => upstreams.keeps(spec)).map((spec) => spec.id));
    const states = new Map(upstreams.status().map((status) => [status.id, status.state]));
    const present = specs.map(({ id }) => ({ id, up: unchanged.has(id) && states.get(id) === 'up' }));
    const tools = upstreams.tools().filter((tool) => unchanged.has(tool.upstream));
    return snapshot.policy.check(tools, present);
  }
}

function short(cause: ConfigError): string {
  const text = cause.problems.map(formatProblem).join('; ');
  return text.length > 1000 ? `${text.slice(0, 1000)}…` : text;
}

function needsRestart(before: EffectiveConfig, after: EffectiveConfig): boolean {
  const fixed = ({ listen, control, dataDir, names, audit }: EffectiveConfig) =>
    JSON.stringify([listen, control, dataDir, names, audit.durability]);
  return fixed(before) !== fixed(after);
}
