import { compileGlob, GlobFault } from '../../lib/glob.js';
import { describeValue } from './describe-value.js';
import type { Finding } from './issues-to-findings.js';
import { memberAt, members } from './raw-members.js';
import { unknownUpstream } from './unknown-upstream.js';

const kinds = ['tools', 'prompts', 'resources'];

/** Toolsets of upstreams that are not there, with globs that are none, or of nothing. Reads the raw configuration. */
export function checkToolsets(raw: unknown): Finding[] {
  const upstreams = Object.keys(members(memberAt(raw, 'upstreams')));
  return Object.entries(members(memberAt(raw, 'toolsets'))).flatMap(([name, toolset]) => [
    ...emptyFindings(name, toolset),
    ...textsAt(toolset, 'upstreams').flatMap(({ text, index }) =>
      unknownUpstream(['toolsets', name, 'upstreams', index], text, upstreams),
    ),
    ...kinds.flatMap((kind) =>
      textsAt(toolset, kind).flatMap(({ text, index }) =>
        globFindings({ path: ['toolsets', name, kind, index], text }),
      ),
    ),
  ]);
}

interface Place {
  readonly path: readonly PropertyKey[];
  readonly text: string;
}

function emptyFindings(name: string, toolset: unknown): Finding[] {
  if (typeof toolset !== 'object' || toolset === null || Object.keys(toolset).length > 0) return [];
  const expected = 'upstreams, or globs for tools, prompts or resources';
  const message = `found a toolset of nothing; expected ${expected}`;
  return [{ path: ['toolsets', name], found: '{}', expected, message }];
}

function globFindings({ path, text }: Place): Finding[] {
  try {
    compileGlob(text);
    return [];
  } catch (fault) {
    if (!(fault instanceof GlobFault)) throw fault;
    const found = describeValue(text);
    return [{ path, found, expected: 'a glob', message: `found ${found}, which ${fault.message}` }];
  }
}

/** Empty texts and what is no text are findings about shape already. */
function textsAt(toolset: unknown, field: string): { text: string; index: number }[] {
  const values = memberAt(toolset, field);
  if (!Array.isArray(values)) return [];
  return values.flatMap((text: unknown, index) =>
    typeof text === 'string' && text !== '' ? [{ text, index }] : [],
  );
}
