import type { Trail } from '../audit/trail.js';
import type { SignInParts, SignInProvider } from '../control/sign-in/sign-in-routes.js';
import type { Broker } from '../credentials/broker.js';
import { clientProof } from '../credentials/client-proof.js';
import { parseConfiguredValue } from '../credentials/configured-value.js';
import { issuerTerms } from '../identity/issuer-terms.js';
import { CallbackDoor } from '../identity/sign-in/callback-door.js';
import { RelyingParty } from '../identity/sign-in/relying-party.js';
import { SignInDesk, type SignInDeskDeps } from '../identity/sign-in/sign-in-desk.js';
import type { Clock } from '../lib/clock.js';
import { Seal } from '../lib/seal.js';
import type { Store } from '../store/open-store.js';
import type { EffectiveConfig } from './config/effective-config.js';
import type { CountingRecorder } from './recorder.js';

export interface SignInSources {
  readonly config: () => EffectiveConfig;
  readonly broker: () => Pick<Broker, 'resolve'>;
  readonly store: Store;
  readonly trail: Pick<Trail, 'write'>;
  readonly recorder: Pick<CountingRecorder, 'authFailed'>;
  readonly clock: Clock;
  readonly callerNow: SignInDeskDeps['callerNow'];
  readonly tokenMark: SignInDeskDeps['tokenMark'];
  /** Where this face listens. */
  readonly address: () => string;
}

type Parts = Omit<SignInParts, 'identify'> & { readonly signIns: SignInDesk };

/** What people sign in with: the provider of the configuration in force, and what the gateway keeps of them. */
export function signInParts(sources: SignInSources): Parts {
  const { config, store, trail, clock, callerNow, tokenMark, recorder, address } = sources;
  const key = store.secretFile('page-key', 32);
  const publicUrl = () => config().approvals.publicUrl ?? config().auth.publicUrl ?? address();
  return {
    signIns: new SignInDesk({
      table: store.signIns,
      clock,
      callerNow,
      tokenMark,
      record: (type, members) => trail.write(type, members),
    }),
    provider: providerOf(sources, publicUrl),
    callbacks: new CallbackDoor(clock),
    publicUrl,
    seal: new Seal(key, 'sign-in'),
    errandSeal: new Seal(key, 'signing-in'),
    clock,
    signInRefused: (refused) => recorder.authFailed(refused),
  };
}

/** One for each configuration, so that what it knows of the provider is not asked anew each time. */
function providerOf({ config, broker, clock }: SignInSources, publicUrl: () => string) {
  let known: { readonly terms: object; readonly at: string; readonly provider: SignInProvider } | undefined;
  return (): SignInProvider | undefined => {
    const terms = config().auth.signIn;
    if (terms === undefined) return undefined;
    const redirectUri = `${publicUrl().replace(/\/+$/, '')}/sign-in/callback`;
    if (known?.terms === terms && known.at === redirectUri) return known.provider;
    const { clientSecret, clientAuthentication, issuer, sessionMinutes } = terms;
    const proof = async () => {
      const secret =
        clientSecret === undefined ? undefined : await broker().resolve(parseConfiguredValue(clientSecret));
      return clientProof(secret, clientAuthentication);
    };
    const party = new RelyingParty({ terms, proof, redirectUri, clock });
    const provider = { party, issuer, terms: issuerTerms(terms), minutes: sessionMinutes };
    known = { terms, at: redirectUri, provider };
    return provider;
  };
}
