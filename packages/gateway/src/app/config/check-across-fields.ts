import { parseConfiguredValue } from '../../credentials/configured-value.js';
import { CredentialFault } from '../../credentials/credential-fault.js';
import { isLoopback } from './is-loopback.js';
import type { Finding } from './issues-to-findings.js';

/** Rules between fields. Reads the raw value, so that its findings come together with those about shape. */
export function checkAcrossFields(raw: unknown): Finding[] {
  return [...checkOpenListeners(raw), ...checkRuleIds(raw), ...checkReferences(raw)];
}

function checkOpenListeners(raw: unknown): Finding[] {
  if (member(member(raw, 'auth'), 'mode') !== 'none') return [];
  return ['listen', 'control'].flatMap((name): Finding[] => {
    const host = member(member(raw, name), 'host');
    if (typeof host !== 'string' || isLoopback(host)) return [];
    const found = JSON.stringify(host);
    const expected = 'a loopback address such as 127.0.0.1';
    const message = `found ${found} with auth.mode "none"; expected ${expected}; or set auth.mode to "keys"`;
    return [{ path: [name, 'host'], found, expected, message }];
  });
}

function checkRuleIds(raw: unknown): Finding[] {
  const rules = member(member(raw, 'policy'), 'rules');
  if (!Array.isArray(rules)) return [];
  const seen = new Map<unknown, number>();
  return rules.flatMap((rule: unknown, index): Finding[] => {
    const id = member(rule, 'id');
    const first = seen.get(id);
    if (typeof id !== 'string' || first === undefined) {
      seen.set(id, index);
      return [];
    }
    const found = JSON.stringify(id);
    const expected = 'an id of its own';
    const message = `found ${found}, which policy.rules[${first}] has too; expected ${expected}, as records name rules by it`;
    return [{ path: ['policy', 'rules', index, 'id'], found, expected, message }];
  });
}

/** References that are written wrongly would be sent to the server as they stand. */
function checkReferences(raw: unknown): Finding[] {
  const upstreams = Object.entries(members(member(raw, 'upstreams')));
  return upstreams.flatMap(([id, upstream]) =>
    ['headers', 'env'].flatMap((field) =>
      Object.entries(members(member(upstream, field))).flatMap(([name, text]): Finding[] => {
        if (typeof text !== 'string') return [];
        const fault = referenceFault(text);
        return fault === undefined ? [] : [{ path: ['upstreams', id, field, name], message: fault }];
      }),
    ),
  );
}

function referenceFault(text: string): string | undefined {
  try {
    parseConfiguredValue(text);
    return undefined;
  } catch (fault) {
    if (fault instanceof CredentialFault) return fault.message;
    throw fault;
  }
}

function members(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function member(value: unknown, name: string): unknown {
  return members(value)[name];
}
