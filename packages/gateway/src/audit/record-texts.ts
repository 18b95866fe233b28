import type { Arrival } from '../model/call.js';
import type { Decision } from '../model/decision.js';
import type { Principal } from '../model/principal.js';
import type { Target } from '../model/target.js';
import { callerOf, type MemberValue, policyOf, protocolOf, targetOf } from './record-members.js';

/** `,"name":value` as JSON, and nothing for what is absent. */
export function member(name: string, value: MemberValue): string {
  return value === undefined ? '' : `,"${name}":${JSON.stringify(value)}`;
}

interface TextOptions {
  readonly logName: string;
  readonly writer: string;
  /** Takes known secrets out. */
  readonly redact: (text: string) => string;
}

/** Methods of extensions come from the configuration; a name is never kept for a caller's sake. */
const keptProtocols = 256;

/**
 * Members that the records of many calls have in common, as JSON text that is written once. The two records of each
 * call are put together from them: as objects they would cost three times as much.
 */
export class RecordTexts {
  readonly log: string;
  /** From `v` to the end of the record. */
  readonly end: string;
  readonly #redact: (text: string) => string;
  readonly #callers = new WeakMap<Principal, string>();
  readonly #tenants = new WeakMap<Principal, string>();
  readonly #tools = new WeakMap<Target, string>();
  readonly #policies = new WeakMap<Decision, string>();
  readonly #protocols = new Map<string, string>();

  constructor({ logName, writer, redact }: TextOptions) {
    this.log = member('log', logName);
    this.end = `,"v":1${member('writer', writer)}}`;
    this.#redact = redact;
  }

  caller(principal: Principal): string {
    return kept(this.#callers, principal, () => member('caller', callerOf(principal)));
  }

  tenant(principal: Principal): string {
    return kept(this.#tenants, principal, () => member('tenant', principal.tenant));
  }

  policy(decision: Decision | undefined): string {
    if (decision === undefined) return '';
    return kept(this.#policies, decision, () => member('policy', policyOf(decision)));
  }

  /** Names of other targets than tools may hold a secret that is learned later. */
  tool(target: Target): string {
    if (target.kind !== 'tool') return member('tool', targetOf(target, this.#redact));
    return kept(this.#tools, target, () => member('tool', targetOf(target, this.#redact)));
  }

  protocol(method: string, arrival: Arrival): string {
    const about = `${arrival.revision} ${arrival.transport} ${method}`;
    const known = this.#protocols.get(about);
    if (known !== undefined) return known;
    const text = member('mcp', protocolOf(method, arrival));
    if (this.#protocols.size < keptProtocols) this.#protocols.set(about, text);
    return text;
  }
}

function kept<About extends object>(
  texts: WeakMap<About, string>,
  about: About,
  write: () => string,
): string {
  const known = texts.get(about);
  if (known !== undefined) return known;
  const text = write();
  texts.set(about, text);
  return text;
}
