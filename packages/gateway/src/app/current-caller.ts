import { issuerTerms } from '../identity/issuer-terms.js';
import { principalOf, stateOfKey } from '../identity/key-ring.js';
import type { LiveTokens } from '../identity/live-tokens.js';
import type { Clock } from '../lib/clock.js';
import type { Admission } from '../model/admission.js';
import type { Principal } from '../model/principal.js';
import type { SignIn } from '../model/sign-in.js';
import type { Store } from '../store/open-store.js';
import type { EffectiveConfig } from './config/effective-config.js';

export interface CallerSources {
  readonly store: Pick<Store, 'keys' | 'signIns'>;
  readonly clock: Clock;
  readonly config: () => EffectiveConfig;
  readonly liveTokens: Pick<LiveTokens, 'find'>;
}

/** Who a credential stands for now. */
export interface Caller extends Pick<Principal, 'id' | 'credential'> {
  /** For whom its token was taken, where that may be known from there only. */
  readonly admission?: Admission | undefined;
}

/**
 * The principal of a credential as it is now, for calls that go on after their request: undefined for one that is revoked,
 * expired, another's by now, or of a kind that cannot be looked up.
 */
export function currentCaller({ store, clock, config, liveTokens }: CallerSources) {
  /** Its token has not ended, and would be taken for the same caller if it came in now. */
  const isValid = ({ until, terms }: Admission): boolean =>
    clock.now() < until && config().auth.issuers.some((issuer) => issuerTerms(issuer) === terms);
  return (caller: Caller): Principal | undefined => {
    const [kind, name = ''] = splitAt(caller.credential);
    if (kind === 'key') {
      const row = store.keys.find(name);
      if (row === undefined || row.principal !== caller.id || stateOfKey(row, clock.now()) !== 'active')
        return undefined;
      return principalOf(row);
    }
    if (kind === 'jwt') {
      const admission = liveTokens.find(caller.credential) ?? caller.admission;
      return admission !== undefined && isValid(admission) && admission.principal.id === caller.id
        ? admission.principal
        : undefined;
    }
    if (kind === 'person')
      return personSignedIn(store.signIns.find(name), caller, { now: clock.now(), config });
    const common = { id: caller.id, credential: caller.credential, tenant: 'default' };
    const { auth } = config();
    if (kind === 'token') {
      const [principal = '', position = '1'] = name.split('/');
      const known = auth.tokens.find((one) => one.principal === principal && one.principal === caller.id);
      if (known === undefined || known.tokens[Number(position) - 1] === undefined) return undefined;
      const { tenant, roles, labels = {}, scopes } = known;
      return { ...common, tenant, roles, labels, ...(scopes === undefined ? {} : { grants: scopes }) };
    }
    const isHere = kind === 'local' || (kind === 'none' && auth.mode === 'none');
    return isHere ? { ...common, roles: ['agent'], labels: {} } : undefined;
  };
}

/** As the provider said when they signed in; nobody where the configuration says something else of it by now. */
function personSignedIn(
  signIn: SignIn | undefined,
  { id, credential }: Caller,
  { now, config }: { readonly now: number } & Pick<CallerSources, 'config'>,
): Principal | undefined {
  if (signIn === undefined || signIn.principal.id !== id || signIn.principal.credential !== credential)
    return undefined;
  const provider = config().auth.signIn;
  const isOurs =
    signIn.issuer !== undefined && provider !== undefined && issuerTerms(provider) === signIn.terms;
  return isOurs && now < signIn.expiresAt ? signIn.principal : undefined;
}

function splitAt(credential: string): readonly [kind: string, name?: string] {
  const colon = credential.indexOf(':');
  return colon < 0 ? [credential] : [credential.slice(0, colon), credential.slice(colon + 1)];
}
