import type { LayerName } from '../model/api-layer.js';
import type { JsonObject } from '../model/json.js';
import { LayerFault } from '../model/layer-fault.js';
import { askGateway, type GatewayQuestion, GatewayRefusal } from './ask-gateway.js';
import { CliError } from './cli-error.js';
import type { CliEdit, LayerAt, ShownVersion } from './shown-version.js';

/** A server that is made is waited for. */
const patienceMs = 15_000;
const mostOnAPage = 1000;

/** The layer of a gateway, over its REST face. */
export function layerAtGateway(base: string, key: string): LayerAt {
  const ask = (question: Omit<GatewayQuestion, 'base' | 'key'>) => asked({ base, key, ...question });
  const one = async (name: string, question: Omit<GatewayQuestion, 'base' | 'key'>) =>
    versionIn(name, await ask(question));
  return {
    list: (kind) => (kind === 'policy' ? policies(ask) : upstreams(ask)),
    async history(name) {
      const answer = await ask({ path: `${pathOf(name)}/history?limit=${mostOnAPage}` });
      return listIn(answer, 'versions').map((version) => versionIn(name.name, version));
    },
    put: (name, content, edit) =>
      one(name.name, {
        path: pathOf(name),
        method: 'PUT',
        post: { ...content, ...noteIn(edit) },
        headers: conditionOf(edit),
        timeoutMs: patienceMs,
      }),
    async remove(name, edit) {
      const query = edit.note === undefined ? '' : `?${new URLSearchParams({ note: edit.note }).toString()}`;
      await ask({ path: `${pathOf(name)}${query}`, method: 'DELETE', headers: conditionOf(edit) });
    },
    rollBack: (name, version, edit) =>
      one(name.name, {
        path: `${pathOf(name)}/rollback`,
        post: { version, ...noteIn(edit) },
        headers: conditionOf(edit),
      }),
  };
}

type Ask = (question: Omit<GatewayQuestion, 'base' | 'key'>) => Promise<unknown>;

async function policies(ask: Ask): Promise<ShownVersion[]> {
  const found: ShownVersion[] = [];
  for (let cursor: unknown = ''; typeof cursor === 'string'; ) {
    const page = cursor === '' ? '' : `&${new URLSearchParams({ cursor }).toString()}`;
    const answer = await ask({ path: `/v1/policies?limit=${mostOnAPage}${page}` });
    const made = listIn(answer, 'policies').filter(({ source }) => source === 'api');
    found.push(...made.map((policy) => versionIn(textOf(policy.name), policy)));
    cursor = (answer as JsonObject).next_cursor;
  }
  return found;
}

async function upstreams(ask: Ask): Promise<ShownVersion[]> {
  const all = listIn(await ask({ path: '/v1/upstreams' }), 'upstreams');
  const made = all.filter(({ source }) => source === 'api').map(({ id }) => textOf(id));
  return Promise.all(
    made.map(async (id) => versionIn(id, await ask({ path: `/v1/upstreams/${encodeURIComponent(id)}` }))),
  );
}

/** What is wrong with what was sent is told place by place. */
async function asked(question: GatewayQuestion): Promise<unknown> {
  try {
    return await askGateway(question);
  } catch (cause) {
    if (!(cause instanceof GatewayRefusal) || cause.errors.length === 0) throw cause;
    const problems = cause.errors.map(({ detail, ...rest }) => ({ ...rest, message: detail }));
    throw new LayerFault('invalid', cause.message, problems);
  }
}

function pathOf({ kind, name }: LayerName): string {
  return `/v1/${kind === 'policy' ? 'policies' : 'upstreams'}/${encodeURIComponent(name)}`;
}

function noteIn({ note }: CliEdit): { note?: string } {
  return note === undefined ? {} : { note };
}

function conditionOf({ revision }: CliEdit): Record<string, string> {
  return revision === undefined ? {} : { 'If-Match': `"${revision}"` };
}

function listIn(answer: unknown, name: string): JsonObject[] {
  const list = (answer as JsonObject | undefined)?.[name];
  if (Array.isArray(list)) return list as JsonObject[];
  throw new CliError(`found no ${name} in the answer of the gateway; is it of another version?`);
}

function versionIn(name: string, answer: unknown): ShownVersion {
  const { version, revision, at, by, note, removed, description, rules, haldir, settings } = (answer ??
    {}) as JsonObject;
  if (typeof version !== 'number' || typeof revision !== 'string')
    throw new CliError(
      `found no version of "${name}" in the answer of the gateway; is it of another version?`,
    );
  const policy = {
    ...(description !== undefined && { description }),
    ...(rules !== undefined && { rules }),
    ...(haldir !== undefined && { haldir }),
  };
  return {
    name,
    version,
    revision,
    at: textOf(at),
    by: textOf(by),
    ...(typeof note === 'string' && { note }),
    ...(removed === true ? {} : { content: (settings as JsonObject | undefined) ?? policy }),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
