import { grantable, isGrant, roleSchema } from '#contract';
import type { NewKey } from '../../identity/key-ring.js';
import type { Role } from '../../model/principal.js';
import { CliError } from '../cli-error.js';
import type { CommonOptions, JsonOption } from '../common-options.js';
import type { GatewayOptions } from '../gateway-options.js';
import { withKeys } from '../keys-at.js';
import { printIssuedKey } from '../print-issued-key.js';
import { readDuration } from '../read-duration.js';
import { readLabels } from '../read-labels.js';

interface CreateOptions extends CommonOptions, JsonOption, GatewayOptions {
  readonly principal: string;
  readonly roles: string;
  readonly expires: string;
  readonly label: readonly string[];
  readonly scope: readonly string[];
  readonly tenant: string;
}

/** `keys create`: the key goes to stdout and nowhere else. */
export async function createKey(options: CreateOptions): Promise<number> {
  const wanted: NewKey = {
    principal: checkName('--principal', options.principal),
    roles: readRoles(options.roles),
    labels: readLabels(options.label),
    tenant: checkName('--tenant', options.tenant),
    grants: readScopes(options.scope),
    expiresAfterMs: readDuration('--expires', options.expires),
  };
  const issued = await withKeys({ ...options, mayCreate: true }, (keys) => keys.create(wanted));
  printIssuedKey(issued, options);
  return 0;
}

function checkName(option: string, text: string): string {
  if (/^[^\p{C}\p{Z}]{1,128}$/u.test(text)) return text;
  const expected = 'a name of 1 to 128 characters without spaces';
  throw new CliError(`${option}: found ${JSON.stringify(text)}; expected ${expected}`, 2);
}

/** None given: the key may whatever its roles may. */
function readScopes(scopes: readonly string[]): readonly string[] | undefined {
  const wrong = scopes.find((scope) => !isGrant(scope));
  if (wrong === undefined) return scopes.length === 0 ? undefined : scopes;
  const known = Object.entries(grantable).map(([resource, actions]) => `${resource}:${actions.join('|')}`);
  const expected = `RESOURCE:ACTION, each of which may be *: ${known.join(', ')}`;
  throw new CliError(`--scope: found ${JSON.stringify(wrong)}; expected ${expected}`, 2);
}

function readRoles(text: string): Role[] {
  return text.split(',').map((word) => {
    const parsed = roleSchema.safeParse(word.trim());
    if (parsed.success) return parsed.data;
    const expected = `one or more of ${roleSchema.options.join(', ')}`;
    throw new CliError(`--roles: found ${JSON.stringify(word)}; expected ${expected}`, 2);
  });
}
