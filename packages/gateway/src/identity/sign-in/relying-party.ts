import * as oauth from 'oauth4webapi';
import type { SignInConfig } from '#contract';
import type { Clock } from '../../lib/clock.js';
import { isThisMachine } from '../../lib/net/client-for.js';
import type { Principal } from '../../model/principal.js';
import { AuthenticationFailure } from '../authentication-failure.js';
import { ClaimFault, whoIs } from '../claims.js';
import { readJwt } from '../read-jwt.js';
import { guardedFetch } from './guarded-fetch.js';

export interface RelyingPartyOptions {
  readonly terms: SignInConfig;
  readonly proof: () => Promise<oauth.ClientAuth>;
  readonly redirectUri: string;
  readonly clock: Clock;
}

/** What must come back as it went out; kept by the browser, sealed. */
export interface Errand {
  readonly state: string;
  readonly nonce: string;
  /** For PKCE. */
  readonly verifier: string;
  /** When they were asked to show once more who they are, in seconds since the epoch; absent where they were not. */
  readonly askedAt?: number | undefined;
}

interface Metadata {
  readonly server: Promise<oauth.AuthorizationServer>;
  readonly at: number;
  keptMs: number;
}

const metadataMs = 600_000;
const cooldownMs = 5000;
const toleranceSeconds = 30;

/** The gateway as a client of an OpenID provider: authorization code with PKCE. Rejects with AuthenticationFailure. */
export class RelyingParty {
  readonly #options: RelyingPartyOptions;
  readonly #client: oauth.Client;
  readonly #reach: {
    [oauth.customFetch]: ReturnType<typeof guardedFetch>;
    [oauth.allowInsecureRequests]: boolean;
  };
  #metadata: Metadata | undefined;

  constructor(options: RelyingPartyOptions) {
    const { terms } = options;
    this.#options = options;
    this.#client = {
      client_id: terms.clientId,
      id_token_signed_response_alg: terms.algorithm,
      [oauth.clockTolerance]: toleranceSeconds,
    };
    const isPlain = terms.plainHttp || isThisMachine(new URL(terms.issuer));
    this.#reach = { [oauth.customFetch]: guardedFetch(terms), [oauth.allowInsecureRequests]: isPlain };
  }

  /** Where the browser goes, and what must come back; `again`: whoever is signed in there shows once more who they are. */
  async begin(again: boolean): Promise<{ readonly url: string; readonly errand: Errand }> {
    const { terms, redirectUri, clock } = this.#options;
    const { authorization_endpoint: endpoint = '' } = await this.#server();
    const isPlain = this.#reach[oauth.allowInsecureRequests];
    if (!URL.canParse(endpoint) || !(isPlain ? /^https?:/ : /^https:/).test(endpoint))
      throw refused('unavailable', 'authorization endpoint');
    const errand = {
      state: oauth.generateRandomState(),
      nonce: oauth.generateRandomNonce(),
      verifier: oauth.generateRandomCodeVerifier(),
      ...(again ? { askedAt: Math.floor(clock.now() / 1000) } : {}),
    };
    const url = new URL(endpoint);
    const asked = {
      response_type: 'code',
      client_id: terms.clientId,
      redirect_uri: redirectUri,
      scope: terms.scopes.join(' '),
      state: errand.state,
      nonce: errand.nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(errand.verifier),
      code_challenge_method: 'S256',
      ...(again ? { prompt: 'login', max_age: '0' } : {}),
    };
    for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
    return { url: url.href, errand };
  }

  /** Who came back, with the parameters that the provider gave them. */
  async finish(given: URLSearchParams, errand: Errand): Promise<Omit<Principal, 'credential'>> {
    const server = await this.#server();
    const answer = await this.#exchange(server, given, errand);
    // Read again with a parser that refuses what two readers could understand differently.
    const claims = readJwt(answer.id_token ?? '')?.claims;
    if (claims === undefined) throw refused('malformed', 'id token');
    if (errand.askedAt !== undefined && !isSince(claims.auth_time, errand.askedAt))
      throw refused('expired', 'they were not asked once more who they are');
    try {
      return whoIs(claims, this.#options.terms);
    } catch (cause) {
      if (!(cause instanceof ClaimFault)) throw cause;
      throw refused('unknown', cause.message);
    }
  }

  async #exchange(
    server: oauth.AuthorizationServer,
    given: URLSearchParams,
    { state, nonce, verifier }: Errand,
  ): Promise<oauth.TokenEndpointResponse> {
    const { proof, redirectUri } = this.#options;
    const [client, reach] = [this.#client, this.#reach];
    try {
      const checked = oauth.validateAuthResponse(server, client, given, state);
      const sent = oauth.authorizationCodeGrantRequest(
        server,
        client,
        await proof(),
        checked,
        redirectUri,
        verifier,
        reach,
      );
      const response = await sent;
      const wanted = { expectedNonce: nonce, requireIdToken: true };
      const answer = await oauth.processAuthorizationCodeResponse(server, client, response, wanted);
      await oauth.validateApplicationLevelSignature(server, response, reach);
      return answer;
    } catch (cause) {
      throw failureOf(cause);
    }
  }

  /** Strangers begin sign-ins, too: a provider that does not answer is not asked again for each of them. */
  #server(): Promise<oauth.AuthorizationServer> {
    const now = this.#options.clock.now();
    const known = this.#metadata;
    if (known !== undefined && now >= known.at && now - known.at < known.keptMs) return known.server;
    const fresh = { server: this.#discover(), at: now, keptMs: metadataMs };
    this.#metadata = fresh;
    fresh.server.catch(() => {
      fresh.keptMs = cooldownMs;
    });
    return fresh.server;
  }

  async #discover(): Promise<oauth.AuthorizationServer> {
    const issuer = new URL(this.#options.terms.issuer);
    try {
      const response = await oauth.discoveryRequest(issuer, this.#reach);
      const server = await oauth.processDiscoveryResponse(issuer, response);
      if (server.issuer !== this.#options.terms.issuer) throw new Error('another issuer');
      return server;
    } catch {
      throw refused('unavailable', 'discovery');
    }
  }
}

/** When the provider says that it asked somebody who they are; one that does not say so has not. */
function isSince(authTime: unknown, askedAt: number): boolean {
  return typeof authTime === 'number' && authTime >= askedAt - toleranceSeconds;
}

/** Errors of the library that say that there was no answer, or none of a provider that works. */
const noAnswer = new Set<string | undefined>([
  oauth.RESPONSE_IS_NOT_CONFORM,
  oauth.RESPONSE_IS_NOT_JSON,
  oauth.HTTP_REQUEST_FORBIDDEN,
]);
/** What the token endpoint says of this gateway, not of whoever signs in. */
const ownFaults = new Set(['invalid_client', 'unauthorized_client', 'unsupported_grant_type']);

/** What providers say is not repeated: they may quote what they were sent. */
function failureOf(cause: unknown): AuthenticationFailure {
  if (cause instanceof AuthenticationFailure) return cause;
  if (cause instanceof oauth.AuthorizationResponseError) return refused('unknown', 'the provider said no');
  if (cause instanceof oauth.ResponseBodyError)
    return ownFaults.has(cause.error)
      ? refused('unavailable', 'the provider does not take this client')
      : refused('unknown', 'the code does not count');
  if (cause instanceof oauth.UnsupportedOperationError) return refused('unknown', 'answer');
  if (cause instanceof oauth.OperationProcessingError && !noAnswer.has(cause.code))
    return refused('unknown', cause.code ?? 'answer');
  return refused('unavailable', 'token endpoint or keys');
}

function refused(
  reason: 'unavailable' | 'malformed' | 'unknown' | 'expired',
  detail: string,
): AuthenticationFailure {
  return new AuthenticationFailure(reason, { detail: `sign-in: ${detail}` });
}
