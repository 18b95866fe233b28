import { addHaldirPolicy, haldirKinds } from './haldir-policy.js';
import { isMapping } from './part.js';
import { Draft, type Translation } from './translation.js';

/** Whether a file holds Haldir policies: one body, a list of them, or `policies` with a list, as its server answers. */
export function isHaldirFile(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isBody);
  return isMapping(value) && (isBody(value) || (Array.isArray(value.policies) && !('upstreams' in value)));
}

/**
 * Policies as their server takes them one by one. Tools are allowed but for what the policies stop; prompts and
 * resources, which that server does not have, are not.
 */
export function translateHaldirFile(value: unknown): Translation {
  const draft = new Draft('haldir');
  const whole = draft.read(value);
  if (isMapping(value) && 'policies' in value) whole.withKeys(['policies', 'count']);
  const list = isMapping(value) && 'policies' in value ? whole.at('policies') : whole;
  const bodies = Array.isArray(list.value) ? list.items() : [list];
  const base = draft.addRule('tools', { match: { tools: ['*'] }, effect: 'allow' }, whole);
  draft.remark(
    base,
    'Haldir allows every tool that no policy stops. Prompts and resources need rules of their own.',
  );
  for (const [index, body] of bodies.entries()) {
    const type = body.at('type').value;
    const kind = haldirKinds.find((known) => known === type) ?? 'policy';
    addHaldirPolicy(draft, body, `${kind}-${index + 1}`);
  }
  return draft;
}

function isBody(value: unknown): boolean {
  return (
    isMapping(value) && typeof value.type === 'string' && !('upstreams' in value) && !('version' in value)
  );
}
