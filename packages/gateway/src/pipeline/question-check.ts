import type { Content } from '../audit/keep-content.js';
import type { Redactor } from '../inspection/redactor.js';
import { membersOf, writeObject } from '../lib/json/members.js';
import { isJsonObject, parseJson } from '../lib/json/parse-json.js';
import type { Client, UpstreamQuestion } from '../model/client.js';
import type { JsonObject, JsonObjectText, JsonValue } from '../model/json.js';

/** Why a question is not put. `message` is for the upstream, `detail` for the record only. */
export class QuestionFault extends Error {
  readonly code: 'denied' | 'limited' | 'undeclared' | 'invalid' | 'too_large' | 'too_many' | 'failed';
  readonly detail: string | undefined;

  constructor(code: QuestionFault['code'], message: string, detail?: string) {
    super(message);
    this.name = 'QuestionFault';
    this.code = code;
    this.detail = detail;
  }

  /** The JSON-RPC code under which the upstream is told. */
  get rpcCode(): number {
    return rpcCodes[this.code];
  }
}

const rpcCodes: Readonly<Record<QuestionFault['code'], number>> = {
  denied: -1,
  limited: 429,
  undeclared: -32601,
  invalid: -32602,
  too_large: -32602,
  too_many: -32603,
  failed: -32603,
};

/** A question as the client gets it. */
export interface Presentable {
  /** Without the secrets of the gateway. */
  readonly params: JsonObjectText;
  /** What the record keeps of the params. */
  readonly kept: Content;
  /** Where the person is sent, for an elicitation that is a page. */
  readonly origin?: string;
}

/** Pictures and long conversations come in sampling requests; no question has more UTF-16 units than this. */
const mostUnits = 4_194_304;

/** Throws QuestionFault for a question that the client did not say it takes, and for one that may not be shown. */
export function presentable(question: UpstreamQuestion, client: Client, redactor: Redactor): Presentable {
  const { method, params: given } = question;
  if (given.text.length > mostUnits) {
    throw new QuestionFault('too_large', `The params of ${method} are larger than the gateway relays.`);
  }
  checkDeclared(question, client);
  const params = withoutSecrets(given, redactor);
  if (method !== 'elicitation/create' || !isPage(params.value)) return { params, kept: params };
  const origin = originOf(params.value.url);
  return { params, kept: { text: withOriginOnly(params.text, origin) }, origin };
}

function withoutSecrets(given: JsonObjectText, redactor: Redactor): JsonObjectText {
  const text = redactor.redact(given.text);
  if (text === given.text) return given;
  try {
    const { value } = parseJson(text);
    if (isJsonObject(value)) return { text, value };
  } catch {
    // Taking the secret out left something that is no JSON.
  }
  throw new QuestionFault('invalid', 'The params hold a secret of the gateway, so they are not shown.');
}

/** A server may ask for nothing that the client did not declare; without `url`, elicitation means forms. */
export function checkDeclared({ method, params }: UpstreamQuestion, client: Client): void {
  const declared = parseJson(client.capabilities).value;
  const capabilities = isJsonObject(declared) ? declared : {};
  if (method === 'roots/list') {
    need(capabilities.roots, 'roots');
    return;
  }
  if (method === 'sampling/createMessage') {
    need(capabilities.sampling, 'sampling');
    if (Object.hasOwn(params.value, 'tools'))
      need(memberOf(capabilities.sampling, 'tools'), 'sampling.tools');
    return;
  }
  const { elicitation } = capabilities;
  need(elicitation, 'elicitation');
  if (isPage(params.value)) need(memberOf(elicitation, 'url'), 'elicitation.url');
  else if (memberOf(elicitation, 'url') !== undefined) {
    need(memberOf(elicitation, 'form'), 'elicitation.form');
  }
}

function need(capability: JsonValue | undefined, name: string): void {
  if (isJsonObject(capability)) return;
  throw new QuestionFault('undeclared', `The client did not declare the capability ${name}.`);
}

function memberOf(owner: JsonValue | undefined, name: string): JsonValue | undefined {
  return isJsonObject(owner) && Object.hasOwn(owner, name) ? owner[name] : undefined;
}

/** Throws for a mode that nobody here knows: it could show anything. */
function isPage({ mode }: JsonObject): boolean {
  if (mode === undefined || mode === 'form') return false;
  if (mode === 'url') return true;
  throw new QuestionFault('invalid', 'The mode of the elicitation is neither "form" nor "url".');
}

/** The URL is shown to a person as it is, so it must lead where it seems to lead. */
function originOf(url: JsonValue | undefined): string {
  if (typeof url !== 'string' || /[\s\p{Cc}\p{Cf}]/u.test(url) || !URL.canParse(url)) {
    throw new QuestionFault('invalid', 'The "url" of the elicitation is no URL.');
  }
  const parsed = new URL(url);
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') {
    throw new QuestionFault('invalid', 'The "url" of the elicitation must begin with https: or http:.');
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new QuestionFault('invalid', 'The "url" of the elicitation must not name a user before its host.');
  }
  return parsed.origin;
}

/** Such URLs carry one-time tokens, which no record keeps. */
function withOriginOnly(params: string, origin: string): string {
  return writeObject(
    membersOf(params).map(([name, text]) => [name, name === 'url' ? JSON.stringify(origin) : text] as const),
  );
}
