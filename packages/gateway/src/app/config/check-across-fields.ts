import { parseConfiguredValue } from '../../credentials/configured-value.js';
import { CredentialFault } from '../../credentials/credential-fault.js';
import { ownUpstream } from '../../upstreams/own-upstream.js';
import { checkUpstreamAddresses } from './check-addresses.js';
import { checkApiLayer } from './check-api-layer.js';
import { checkExtensions } from './check-extensions.js';
import { checkHeaders } from './check-headers.js';
import { checkIssuers } from './check-issuers.js';
import { checkListeners } from './check-listeners.js';
import { checkPrices } from './check-prices.js';
import { checkSessionScopes } from './check-session-scopes.js';
import { checkToolsets } from './check-toolsets.js';
import type { Finding } from './issues-to-findings.js';
import { memberAt, members } from './raw-members.js';

/** Rules between fields. Reads the raw value, so that its findings come together with those about shape. */
export function checkAcrossFields(raw: unknown): Finding[] {
  return [
    ...checkListeners(raw),
    ...checkIssuers(raw),
    ...checkUpstreamAddresses(raw),
    ...checkRuleIds(raw),
    ...checkReferences(raw),
    ...checkHeaders(raw),
    ...checkExtensions(raw),
    ...checkToolsets(raw),
    ...checkPrices(raw),
    ...checkApiLayer(raw),
    ...checkSessionScopes(raw),
    ...checkOwnName(raw),
  ];
}

/** The gateway's own tools stand in the catalogue under a name of their own. */
function checkOwnName(raw: unknown): Finding[] {
  const offers = ['limits', 'approvals'].filter((part) => memberAt(raw, part, 'tool') === true);
  if (offers.length === 0 || memberAt(raw, 'upstreams', ownUpstream) === undefined) return [];
  const expected = `another id, or ${offers.map((part) => `${part}.tool`).join(' and ')} false`;
  const message = `found an upstream of the name under which the gateway's own tools are; expected ${expected}`;
  return [{ path: ['upstreams', ownUpstream], found: JSON.stringify(ownUpstream), expected, message }];
}

function checkRuleIds(raw: unknown): Finding[] {
  const rules = memberAt(raw, 'policy', 'rules');
  if (!Array.isArray(rules)) return [];
  const seen = new Map<unknown, number>();
  return rules.flatMap((rule: unknown, index): Finding[] => {
    const id = memberAt(rule, 'id');
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
  const upstreams = Object.entries(members(memberAt(raw, 'upstreams')));
  return upstreams.flatMap(([id, upstream]) =>
    ['headers', 'env'].flatMap((field) =>
      Object.entries(members(memberAt(upstream, field))).flatMap(([name, text]): Finding[] => {
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
