import type { Finding } from './issues-to-findings.js';
import { memberAt, members } from './raw-members.js';
import { unknownUpstream } from './unknown-upstream.js';

/** What `extensions` and `instructions` say about upstreams and each other. Reads the raw value. */
export function checkExtensions(raw: unknown): Finding[] {
  const upstreams = Object.keys(members(memberAt(raw, 'upstreams')));
  return [...checkRelays(raw, upstreams), ...checkInstructions(raw, upstreams)];
}

function checkRelays(raw: unknown, upstreams: readonly string[]): Finding[] {
  const relays = memberAt(raw, 'extensions', 'relay');
  if (!Array.isArray(relays)) return [];
  const methods = new Map<string, number>();
  return relays.flatMap((relay: unknown, index): Finding[] => {
    const path = ['extensions', 'relay', index];
    const upstream = memberAt(relay, 'upstream');
    const own = textsIn(memberAt(relay, 'methods'));
    if (own.length > 0 && upstream === undefined) {
      const expected = 'the id of an upstream, because there are methods to relay';
      return [
        {
          path: [...path, 'upstream'],
          found: 'nothing',
          expected,
          message: `found nothing; expected ${expected}`,
        },
      ];
    }
    const twice = own.flatMap((method, place) => {
      const first = methods.get(method);
      methods.set(method, first ?? index);
      return first === undefined ? [] : [repeated([...path, 'methods', place], method, first)];
    });
    const unknown =
      typeof upstream === 'string' ? unknownUpstream([...path, 'upstream'], upstream, upstreams) : [];
    return [...twice, ...unknown];
  });
}

function checkInstructions(raw: unknown, upstreams: readonly string[]): Finding[] {
  const wanted = memberAt(raw, 'instructions', 'upstreams');
  if (!Array.isArray(wanted)) return [];
  return wanted.flatMap((id: unknown, index) =>
    typeof id === 'string' ? unknownUpstream(['instructions', 'upstreams', index], id, upstreams) : [],
  );
}

function repeated(path: readonly PropertyKey[], method: string, first: number): Finding {
  const found = JSON.stringify(method);
  const expected = 'a method that is relayed once';
  const message = `found ${found}, which extensions.relay[${first}] has too; expected ${expected}`;
  return { path, found, expected, message };
}

function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
