import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

export interface IdToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: JWTPayload;
}

/** What the token endpoint answers a code with; by default an ID token as it should be. */
export type TokenAnswer = (token: IdToken, provider: FalseProvider) => Promise<Answer> | Answer;

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;

/** A provider that says what a test wants, as no real one does. Whoever is sent there is who `person` says. */
export class FalseProvider {
  person = 'ann';
  answer: TokenAnswer = (token, provider) => provider.signed(token);
  /** Of each request to the token endpoint, its form. */
  readonly redeemed: URLSearchParams[] = [];
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  readonly #nonces = new Map<string, string>();
  #keys: Keys | undefined;
  #jwk: object = {};
  #clientId = '';
  #codes = 0;

  async listen(clientId: string): Promise<this> {
    this.#keys = await generateKeyPair('RS256');
    this.#jwk = { ...(await exportJWK(this.#keys.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
    this.#clientId = clientId;
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  /** Where the provider sends the browser back to, which the gateway has sent to `location`. */
  callbackFor(location: string): string {
    const asked = new URL(location).searchParams;
    this.#codes += 1;
    const code = `code-${this.#codes}`;
    this.#nonces.set(code, asked.get('nonce') ?? '');
    const back = new URL(asked.get('redirect_uri') ?? '');
    back.searchParams.set('code', code);
    back.searchParams.set('state', asked.get('state') ?? '');
    back.searchParams.set('iss', this.issuer);
    return back.href;
  }

  /** An ID token signed by the key that the provider shows, or by another. */
  async signed({ header, claims }: IdToken, keys: Keys | undefined = this.#keys): Promise<Answer> {
    if (keys === undefined) throw new Error('it does not listen');
    const jwt = new SignJWT(claims).setProtectedHeader(header as never);
    return answerWith(await jwt.sign(keys.privateKey));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body, headers } = await this.#answerTo(request);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  }

  async #answerTo(request: IncomingMessage): Promise<Answer> {
    const { pathname } = new URL(request.url ?? '', this.issuer);
    if (pathname === '/.well-known/openid-configuration') return json(this.#metadata());
    if (pathname === '/keys') return json({ keys: [this.#jwk] });
    if (pathname !== '/token') return { status: 404, body: '{}' };
    const form = new URLSearchParams(await textOf(request));
    this.redeemed.push(form);
    const now = Math.floor(Date.now() / 1000);
    const nonce = this.#nonces.get(form.get('code') ?? '');
    const times = { iat: now, exp: now + 60, auth_time: now };
    const claims = { iss: this.issuer, aud: this.#clientId, sub: this.person, nonce, ...times };
    return this.answer({ header: { alg: 'RS256', kid: 'one' }, claims: claims as JWTPayload }, this);
  }

  #metadata(): object {
    return {
      issuer: this.issuer,
      authorization_endpoint: `${this.issuer}/authorize`,
      token_endpoint: `${this.issuer}/token`,
      jwks_uri: `${this.issuer}/keys`,
      authorization_response_iss_parameter_supported: true,
      id_token_signing_alg_values_supported: ['RS256'],
    };
  }
}

/** What a token endpoint answers a good code with. */
export function answerWith(idToken: string): Answer {
  return json({ access_token: 'a', token_type: 'Bearer', id_token: idToken });
}

function json(body: object): Answer {
  return { status: 200, body: JSON.stringify(body) };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
