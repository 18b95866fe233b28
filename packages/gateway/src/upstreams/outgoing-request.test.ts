import { describe, expect, it } from 'vitest';
import { callOf } from '../../../../test/fixtures/upstreams/session-house.js';
import { parseJson } from '../lib/json/parse-json.js';
import type { Target } from '../model/target.js';
import type { ForwardRequest } from '../model/upstream.js';
import { outgoingRequest } from './outgoing-request.js';

const about = { exposedName: 'x', upstream: 'a', definition: { text: '{}', value: {} }, digest: '' };

function members(
  method: string,
  target: Pick<Target, 'kind' | 'name'>,
  more: Partial<ForwardRequest> = {},
): string {
  const { argumentsText: _, ...call } = callOf('x');
  const request = { ...call, method, target: { ...about, ...target } as Target, ...more };
  const written = outgoingRequest(request, 5).members;
  parseJson(`{${written}}`);
  return written;
}

describe('the params of a request to an upstream', () => {
  it('name what it is about as the upstream does, with the arguments as they came', () => {
    const argumentsText = '{"a":1.0}';
    expect(members('tools/call', { kind: 'tool', name: 'r"d' }, { argumentsText })).toBe(
      '"name":"r\\"d","arguments":{"a":1.0}',
    );
    expect(members('prompts/get', { kind: 'prompt', name: 'p' })).toBe('"name":"p"');
    expect(members('resources/read', { kind: 'resource', name: 'x://1' })).toBe('"uri":"x://1"');
  });

  it('say of a completion which prompt or template it is about', () => {
    const argumentsText = '{"argument":{"name":"n","value":"v"},"context":{}}';
    expect(members('completion/complete', { kind: 'prompt', name: 'p' }, { argumentsText })).toBe(
      '"ref":{"type":"ref/prompt","name":"p"},"argument":{"name":"n","value":"v"},"context":{}',
    );
    expect(
      members('completion/complete', { kind: 'template', name: 'x://{a}' }, { argumentsText }),
    ).toContain('"ref":{"type":"ref/resource","uri":"x://{a}"}');
  });

  it('are those of the caller for a method that is relayed as it is, but for what belongs to one hop', () => {
    const target = { kind: 'method', name: 'x/y' } as const;
    expect(members('x/y', target)).toBe('');
    const argumentsText = '{"taskId":"t","_meta":{"a":1},"n":1.0}';
    expect(members('x/y', target, { argumentsText })).toBe('"taskId":"t","n":1.0');
    expect(members('x/y', target, { more: new Map([['z', '[1]']]) })).toBe('"z":[1]');
  });

  it('have further members of the caller, and none that this hop writes itself', () => {
    const more = new Map([
      ['future', '{"ttl":5}'],
      ['name', '"other"'],
      ['requestState', '"forged"'],
      ['inputResponses', '{}'],
      ['_meta', '{}'],
    ]);
    expect(members('tools/call', { kind: 'tool', name: 'read' }, { more })).toBe(
      '"name":"read","future":{"ttl":5}',
    );
  });
});
