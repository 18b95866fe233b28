import type { ConfiguredValue } from '../model/secret.js';
import { CredentialFault } from './credential-fault.js';

const wholeReference = /^(?:env|file):/;
const embeddedReference = /\$\{((?:env|file):[^}]*)\}?/g;

/**
 * Reads one configured header or variable: `env:NAME` and `file:PATH` are a reference as a whole, `${env:NAME}` and
 * `${file:PATH}` are references inside text, all else is literal. Throws CredentialFault for a reference that
 * cannot mean anything.
 */
export function parseConfiguredValue(text: string): ConfiguredValue {
  if (wholeReference.test(text)) return { parts: [{ secret: checkReference(text) }] };
  const parts: (string | { secret: string })[] = [];
  let end = 0;
  for (const match of text.matchAll(embeddedReference)) {
    const [found, reference = ''] = match;
    if (!found.endsWith('}'))
      throw new CredentialFault(found, `has no closing brace; write \${env:NAME} or \${file:PATH}`);
    if (match.index > end) parts.push(text.slice(end, match.index));
    parts.push({ secret: checkReference(reference) });
    end = match.index + found.length;
  }
  if (end < text.length || parts.length === 0) parts.push(text.slice(end));
  return { parts };
}

function checkReference(reference: string): string {
  const rest = reference.slice(reference.indexOf(':') + 1);
  if (reference.startsWith('env:') && !/^[^\s=\0${}]+$/.test(rest)) {
    throw new CredentialFault(reference, 'does not name a variable; write env:NAME without spaces or "="');
  }
  if (reference.startsWith('file:') && (rest.trim() === '' || rest.includes('\0'))) {
    throw new CredentialFault(reference, 'does not name a file; write file:PATH');
  }
  return reference;
}
