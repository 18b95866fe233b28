import { addInterceptRule } from './intercept-rule.js';
import { isMapping } from './part.js';
import { Draft, type Translation } from './translation.js';
import { exactly } from './written-names.js';

/** Whether a value is a policy of PolicyLayer Intercept: no upstreams, and a version, tools or hidden names. */
export function isInterceptFile(value: unknown): boolean {
  if (!isMapping(value) || 'upstreams' in value || 'policy' in value) return false;
  return typeof value.version === 'string' || isMapping(value.tools) || Array.isArray(value.hide);
}

/** A policy. The server is not part of it: give it with `sallyport run --config FILE -- COMMAND`. */
export function translateInterceptFile(value: unknown): Translation {
  const draft = new Draft('intercept');
  const whole = draft
    .read(value)
    .withKeys(['version', 'description', 'default', 'hide', 'tools', 'approvals']);
  if (whole.at('version').value !== 1) whole.at('version').requiredOneOf(['1']);
  const fallback = whole.at('default').oneOf(['allow', 'deny']) ?? 'allow';
  const description = whole.at('description').text();
  if (description !== undefined) draft.remark([], description);
  const tools = whole.at('tools').entries();
  draft.config.policy.default = fallback;
  draft.placed(['policy'], whole);
  const listed = tools.map(([name]) => name).filter((name) => name !== '*');
  if (fallback === 'deny') {
    draft.remark(
      ['policy', 'default'],
      'Intercept lets prompts and resources pass whatever the policy says. Here they need rules of their own.',
    );
    if (listed.length > 0)
      draft.addRule(
        'listed',
        { match: { tools: listed.map((name) => exactly(name)) }, effect: 'allow' },
        whole.at('tools'),
      );
  }
  const hidden = whole.at('hide').texts();
  if (hidden.length > 0)
    draft.addRule('hidden', { match: { tools: hidden.map(hiddenName) }, effect: 'hide' }, whole.at('hide'));
  for (const [tool, part] of tools)
    for (const rule of part.withKeys(['rules']).at('rules').items()) addInterceptRule(draft, rule, tool);
  const approvals = whole.at('approvals');
  if (approvals.isPresent) {
    approvals.entries();
    draft.warn(
      ['policy'],
      'approvals: the webhook needs a secret and people: name it in approvals.channels (docs/channels.md)',
    );
  }
  return draft;
}

function hiddenName(name: string): string {
  return name === '*' ? name : exactly(name);
}
