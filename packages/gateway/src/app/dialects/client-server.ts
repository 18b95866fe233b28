import { configuredText, plainText, type ReferenceSource } from './client-references.js';
import { aliased, type Part } from './part.js';
import type { Draft, UpstreamInput } from './translation.js';
import { celList, exactly } from './written-names.js';

const urls = ['url', 'httpUrl', 'serverUrl', 'uri'];
const environments = ['env', 'environment', 'envs'];
/** Names of tools that the client shows alone, and that it leaves out. */
const shown = ['includeTools', 'enabledTools', 'tools'];
const left = ['excludeTools', 'disabledTools'];
/** What the client does for itself. */
const ownMatters = [
  'autoApprove',
  'alwaysAllow',
  'trust',
  'description',
  'name',
  'gallery',
  'version',
  'dev',
  'timeout',
];
/** What the server needs and this gateway does not do yet, or not in this way. */
const notDone = ['envFile', 'oauth', 'headersHelper', 'sandbox', 'sandboxEnabled', 'authProviderType'];

const keys = [
  'type',
  'transport',
  'command',
  'args',
  'cwd',
  'headers',
  'disabled',
  'enabled',
  ...urls,
  ...environments,
  ...shown,
  ...left,
  ...ownMatters,
  ...notDone,
];
const types = {
  stdio: ['stdio', 'local'],
  http: ['http', 'streamable-http', 'streamableHttp', 'streamable_http', 'remote'],
  sse: ['sse'],
} as const;

/** Adds one entry of a client's file. */
export function addClientServer(part: Part, name: string, source: Omit<ReferenceSource, 'server'>): void {
  part.withKeys(keys);
  const { draft } = source;
  const upstream = upstreamOf(part, { ...source, server: name });
  if (upstream === undefined) return;
  const disabled = part.at('disabled').flag() === true || part.at('enabled').flag() === false;
  const id = draft.addUpstream(name, { ...upstream, ...(disabled ? { enabled: false } : {}) }, part);
  for (const key of notDone)
    if (part.at(key).isPresent) draft.warn(['upstreams', id], `${key} has no effect here yet`);
  for (const key of ownMatters)
    if (part.at(key).isPresent)
      draft.remark(['upstreams', id], `${key} is for the client alone and was left out.`);
  addFilters(part, id, draft);
}

function upstreamOf(part: Part, source: ReferenceSource): UpstreamInput | undefined {
  const type = aliased(part, ['type', 'transport']);
  const word = type.oneOf(Object.values(types).flat());
  const url = aliased(part, urls);
  const command = part.at('command');
  if (url.isPresent && command.isPresent)
    return part.refuse('found a command and a URL; expected one of them');
  if (!url.isPresent && !command.isPresent)
    return part.refuse('found neither a command nor a URL; expected one of them');
  const isStdio = types.stdio.some((one) => one === word);
  if (word !== undefined && isStdio !== command.isPresent)
    return type.refuse(
      `found "${word}" with ${command.isPresent ? 'a command' : 'a URL'}; expected the type that fits it`,
    );
  return command.isPresent ? startedServer(part, source) : reachedServer(part, url, source);
}

function startedServer(part: Part, source: ReferenceSource): UpstreamInput | undefined {
  const command = part.at('command');
  const parts = Array.isArray(command.value) ? command.items() : [command];
  const [program, ...first] = parts.map((one) => plainText(one, source));
  if (program === undefined || program === '')
    return command.refuse('found no program; expected one to start');
  const args = [
    ...first,
    ...part
      .at('args')
      .items()
      .map((one) => plainText(one, source)),
  ];
  const cwd = part.at('cwd');
  return {
    command: program,
    args,
    env: textsOf(aliased(part, environments), source),
    ...(cwd.isPresent ? { cwd: plainText(cwd, source) } : {}),
  };
}

function reachedServer(part: Part, url: Part, source: ReferenceSource): UpstreamInput {
  const isSse = [part.at('type'), part.at('transport')].some(({ value }) => value === 'sse');
  return {
    url: plainText(url, source),
    headers: textsOf(part.at('headers'), source),
    ...(isSse ? { transport: 'sse' as const } : {}),
  };
}

function textsOf(part: Part, source: ReferenceSource): Record<string, string> {
  return Object.fromEntries(part.entries().map(([name, text]) => [name, configuredText(text, source)]));
}

function addFilters(part: Part, id: string, draft: Draft): void {
  const only = aliased(part, shown);
  const names = only.texts();
  if (only.isPresent && !names.includes('*')) {
    const rule = { match: { upstreams: [id], tools: ['*'] }, effect: 'hide' as const };
    draft.addRule(
      `${id}.others`,
      names.length === 0 ? rule : { ...rule, when: `!(tool.name in ${celList(names)})` },
      only,
    );
  }
  const without = aliased(part, left);
  const hidden = without.texts();
  if (hidden.length > 0)
    draft.addRule(
      `${id}.disabled`,
      { match: { tools: hidden.map((name) => exactly(name, id)) }, effect: 'hide' },
      without,
    );
}
