import type { Rule } from './cordon-actions.js';
import { nativeValue } from './literal-values.js';
import { aliased, type Part } from './part.js';
import type { Draft } from './translation.js';

/** The variable that Cordon takes its token from, and that keeps one that is written in the file. */
const tokenVariable = 'CORDON_GATEWAY_TOKEN';
const longestWaitSeconds = 3600;

interface GatewaySource {
  readonly variables: Readonly<Record<string, string>>;
  /** How rules and records call whoever has the token. */
  readonly principal: string;
}

/** Where clients connect, and the one token that they have. */
export function readGateway(draft: Draft, part: Part, source: GatewaySource): void {
  part.withKeys(['transport', 'listenPort', 'port', 'host', 'auth', 'authToken']);
  const transport = part.at('transport').oneOf(['http', 'stdio']);
  const port = aliased(part, ['listenPort', 'port']).number({ least: 0, most: 65_535, whole: true });
  const host = part.at('host').text();
  if (port !== undefined || host !== undefined)
    draft.config.listen = {
      ...(host === undefined ? {} : { host }),
      ...(port === undefined ? {} : { port }),
    };
  draft.placed(['listen'], part);
  const auth = part.at('auth').withKeys(['type', 'token']);
  if (auth.isPresent) auth.at('type').requiredOneOf(['bearer']);
  if (auth.isPresent && part.at('authToken').isPresent)
    part
      .at('authToken')
      .refuse('is another name of "auth.token", and auth is there, too; expected one of them');
  const token = auth.isPresent ? auth.at('token') : part.at('authToken');
  if (token.isPresent) addToken(draft, token, source);
  else if (transport === 'http')
    token.refuse(
      `found nothing; expected the token that clients send, as http has no other way to tell them`,
    );
  if (transport === 'stdio')
    draft.remark(['upstreams'], 'Cordon was to serve stdio: start this with "sallyport stdio".');
}

function addToken(draft: Draft, part: Part, { variables, principal }: GatewaySource): void {
  if (part.value === '') {
    const unset = Object.keys(variables).filter((name) => variables[name] === '');
    const remedy = unset.length === 0 ? '' : `; the file reads ${unset.join(' and ')}, which is not set`;
    part.refuse(`found an empty token, with which everybody could connect; expected a secret${remedy}`);
    return;
  }
  if (typeof part.value !== 'string') {
    part.refuse('found no text; expected a token');
    return;
  }
  const value = nativeValue(part.value, { draft, name: tokenVariable, variables });
  const isReference = /^env:\w+$/.test(value);
  const reference = isReference ? value : `env:${draft.keep(tokenVariable, part.value)}`;
  draft.config.auth = { tokens: [{ principal, tokens: [reference], labels: { agentId: principal } }] };
  draft.placed(['auth'], part);
  if (!isReference)
    draft.warn(
      ['auth'],
      `the token is written in the file; keep it in a variable such as ${tokenVariable} and refer to it`,
    );
}

const approvalKeys = ['channel', 'timeoutMs', 'endpoint', 'apiKey', 'slackBotToken', 'slackChannel'];

/** How people are asked. Without a time Cordon waits for ever; here the limits of the gateway hold. */
export function readApprovals(draft: Draft, part: Part): NonNullable<Rule['approval']> {
  part.withKeys(approvalKeys);
  const channel = part.at('channel').oneOf(['terminal', 'slack', 'web', 'webhook']);
  const timeoutMs = part.at('timeoutMs').number({ least: 1, most: 2_678_400_000 });
  if (channel === 'terminal') {
    draft.config.approvals = { channels: [{ kind: 'terminal' }] };
    draft.placed(['approvals'], part);
  } else if (channel !== undefined)
    draft.warn(
      ['policy'],
      `approvals.channel "${channel}" needs more than Cordon says: name it in approvals.channels (docs/channels.md)`,
    );
  for (const key of approvalKeys.slice(2))
    if (part.at(key).isPresent) draft.warn(['policy'], `approvals.${key} has no effect here`);
  if (timeoutMs === undefined) return { mode: 'wait' };
  const seconds = timeoutMs / 1000;
  return { mode: 'wait', waitSeconds: Math.min(seconds, longestWaitSeconds), expiresSeconds: seconds };
}

/** The gateway keeps its records in any case; what is told elsewhere is not connected yet. */
export function readAudit(draft: Draft, part: Part): void {
  part.withKeys([
    'enabled',
    'output',
    'filePath',
    'webhookUrl',
    'endpoint',
    'apiKey',
    'auditEnabled',
    'logDestination',
    'format',
  ]);
  const enabled = aliased(part, ['auditEnabled', 'enabled']).flag();
  part.at('format').oneOf(['json']);
  const output = aliased(part, ['logDestination', 'output']);
  const known = ['stdout', 'file', 'hosted', 'otlp', 'webhook', 'auto'];
  for (const one of Array.isArray(output.value) ? output.items() : [output]) {
    const word = one.oneOf(known);
    if (word !== undefined)
      draft.warn(
        [],
        `audit to "${word}" is not connected yet: the records are in the store, see "sallyport audit tail"`,
      );
  }
  for (const key of ['filePath', 'webhookUrl', 'endpoint', 'apiKey'])
    if (part.at(key).isPresent) draft.warn([], `audit.${key} has no effect here`);
  if (enabled === false) draft.warn([], 'audit cannot be switched off: every call is recorded in the store');
}
