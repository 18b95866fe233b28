import type { JsonObject } from '../model/json.js';
import type { RecordType } from '../model/record.js';
import type { Target } from '../model/target.js';
import type { PolicyProblem } from '../policy/policy-problem.js';
import type { UpstreamPresence } from '../policy/rule-realms.js';
import { ownUpstream } from '../upstreams/own-upstream.js';
import type { UpstreamEvent } from '../upstreams/upstream-event.js';
import type { Parts, Revision } from './assemble.js';
import { broughtBy, type ChangeOrigin, ofTheFile } from './brought-problems.js';
import { type ConfigError, formatProblem } from './config/config-error.js';
import type { EffectiveConfig } from './config/effective-config.js';
import type { Doubt } from './doubts.js';
import { ownToolsIn } from './own-tools.js';
import { refusedRules } from './snapshot.js';
import { version } from './version.js';

/** What is not as it should be. */
export interface RolloutFaults {
  /** How many rules do not fit the tools of upstreams that came up later; what they are about is denied. */
  readonly rules: number;
  /** The last change of the configuration was refused. */
  readonly reload: boolean;
}

/** What cannot work here: a changed file, or what another gateway on the same store has made over REST. */
type Refused = 'file' | 'layer';

/** How a change is recorded, and what must be done with it before it takes effect. */
export interface Change {
  readonly type: RecordType;
  readonly members: JsonObject;
  readonly origin: ChangeOrigin;
  /** Keeps it; what this throws leaves everything as it was. */
  readonly keep?: () => void;
}

const aFile: Change = { type: 'policy.changed', members: {}, origin: 'file' };

/** Brings configurations into force: checks the whole against what the upstreams offer, then swaps the whole. */
export class Rollout {
  readonly #parts: Parts;
  #begun = false;
  #started = false;
  #problems: readonly PolicyProblem[] = [];
  readonly #refused = new Set<Refused>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  faults(): RolloutFaults {
    return { rules: this.#problems.length, reload: this.#refused.size > 0 };
  }

  /** Starts the upstreams. From here on what comes up is checked against the rules before anybody sees it. */
  async begin(): Promise<void> {
    const { trail, upstreams, revision } = this.#parts;
    await trail.write('gateway.started', { version, policy: { rev: revision.panel.revision } });
    this.#begun = true;
    await upstreams.apply(revision.specs, revision.terms);
  }

  /** Resolves when every upstream has come up or failed; throws ConfigError when a rule of the file does not fit their tools. */
  async settled(): Promise<void> {
    await this.#parts.upstreams.settled();
    this.#recheck();
    const refused = ofTheFile(this.#problems);
    if (refused.length > 0) throw refusedRules(refused);
    this.#started = true;
    this.#warn(this.#problems);
  }

  /** Puts a revision in force whole; throws ConfigError and changes nothing when it cannot work. */
  async change(next: Revision, { type, members, origin, keep }: Change = aFile): Promise<void> {
    const { trail, upstreams, revision: before, options } = this.#parts;
    const refused = broughtBy(origin, this.#check(next), this.#problems);
    if (refused.length > 0) throw refusedRules(refused);
    const policy = { rev: next.panel.revision };
    await trail.write(type, { policy, before: before.panel.revision, ...members });
    keep?.();
    this.#parts.revision = next;
    await upstreams.apply(next.specs, next.terms);
    this.#refused.delete('layer');
    if (next.file !== before.file) this.#refused.delete('file');
    this.#recheck();
    options.log.info({ policy: policy.rev, upstreams: next.specs.length }, 'the configuration was changed');
  }

  rejected(cause: ConfigError, what: Refused): void {
    const { options } = this.#parts;
    this.#refused.add(what);
    this.noteRefused(told(cause), {});
    const { problems } = cause;
    options.log.error({ problems }, 'the changed configuration was refused; the old one stays');
  }

  /** Says in the trail that a change was refused. */
  noteRefused(detail: string, members: JsonObject): void {
    const { trail, revision } = this.#parts;
    const policy = { rev: revision.panel.revision };
    trail.note('policy.rejected', { ...members, policy, detail });
  }

  /** Records what happens to upstreams, and checks the rules again when their tools change. */
  heard(event: UpstreamEvent): void {
    if (event.kind === 'catalogue_changed') {
      if (this.#begun) this.#recheck();
      return;
    }
    const { kind, upstream, ...more } = event;
    this.#parts.trail.note(`upstream.${kind}`, { upstream, ...more });
  }

  /** A condition that does not fit a tool denies for that tool; a ban that misses its tool puts the upstream in doubt. */
  #recheck(): void {
    const { revision, doubts } = this.#parts;
    const problems = this.#check(revision);
    doubts.set(problems.flatMap(doubtsIn));
    const known = new Set(this.#problems.map(({ message }) => message));
    const fresh = problems.filter(({ message }) => !known.has(message));
    this.#problems = problems;
    for (const tenant of new Set(fresh.map(tenantIn))) {
      const detail = told(refusedRules(fresh.filter((problem) => tenantIn(problem) === tenant)));
      this.noteRefused(detail, tenant === undefined ? {} : { tenant });
    }
    // Before that the start itself is refused, with every problem at once.
    if (this.#started) this.#warn(fresh);
  }

  #warn(problems: readonly PolicyProblem[]): void {
    if (problems.length === 0) return;
    const { log } = this.#parts.options;
    log.error({ problems }, 'rules do not fit the tools; what they are about is denied');
  }

  /** Upstreams that a revision changes or adds count as down: their tools are not known yet. */
  #check({ policy, specs, config }: Revision): PolicyProblem[] {
    const { upstreams } = this.#parts;
    const unchanged = new Set(specs.filter((spec) => upstreams.keeps(spec)).map((spec) => spec.id));
    const states = new Map(upstreams.status().map((status) => [status.id, status.state]));
    const { upstreams: tenants = {} } = config.fromApi ?? {};
    const present: UpstreamPresence[] = specs.map(({ id }) => {
      return { id, up: unchanged.has(id) && states.get(id) === 'up', tenant: tenants[id] };
    });
    // The gateway's own tools are there once a revision that wants them is in force.
    const own = ownToolsIn(config);
    const isThere = upstreams.known().tools.filter(isOwn).length >= own;
    if (own > 0) present.push({ id: ownUpstream, up: isThere });
    if (own > 0) unchanged.add(ownUpstream);
    const isUnchanged = ({ upstream }: Target) => unchanged.has(upstream);
    // What waits for acceptance is known all the same: no rule about it misses it.
    const { tools, prompts, resources, templates } = upstreams.known();
    const offer = {
      tools: tools.filter(isUnchanged),
      prompts: prompts.filter(isUnchanged),
      resources: resources.filter(isUnchanged),
      templates: templates.filter(isUnchanged),
    };
    return policy.check(offer, present);
  }
}

function isOwn({ upstream }: Target): boolean {
  return upstream === ownUpstream;
}

function doubtsIn({ missed = [], layer, message }: PolicyProblem): Doubt[] {
  return missed.map((upstream) => ({ upstream, tenant: layer?.tenant, detail: message }));
}

function tenantIn({ layer }: PolicyProblem): string | undefined {
  return layer?.tenant;
}

/** The new configuration with what only the next start can change: where it listens, stores and how tools are named. */
export function withFixedParts(next: EffectiveConfig, running: EffectiveConfig): EffectiveConfig {
  const { listen, control, dataDir, names, audit } = running;
  const fixed = { listen, dataDir, names, audit: { ...next.audit, durability: audit.durability } };
  const { control: _asked, ...rest } = next;
  return { ...rest, ...fixed, ...(control === undefined ? {} : { control }) };
}

/** Every problem in one text; the trail shortens what is too long for a record. */
function told(cause: ConfigError): string {
  return cause.problems.map(formatProblem).join('; ');
}
