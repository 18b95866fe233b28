import type { JsonObject } from '../model/json.js';
import { askGateway, type GatewayQuestion } from './ask-gateway.js';
import { CliError } from './cli-error.js';
import { readGatewayKey } from './read-gateway-key.js';
import type { SessionOptions, SessionsAt } from './sessions-at.js';

type Asked = Pick<GatewayQuestion, 'path' | 'post' | 'method'>;

/** The sessions of the gateway at `url`, as its key may see them. What is made belongs to that key. */
export async function gatewaySessions(url: string, { keyFile }: SessionOptions): Promise<SessionsAt> {
  const base = url.replace(/\/+$/, '');
  const secret = await readGatewayKey(keyFile, 'whoever works in the session, or an operator');
  const ask = async (asked: Asked) => (await askGateway({ base, key: secret, ...asked })) as JsonObject;
  const one = (id: string) => `/v1/sessions/${encodeURIComponent(id)}`;
  return {
    create(wish, { key, parent }) {
      if (key !== undefined)
        throw new CliError('--key: a session that is made over --gateway belongs to the key that asks', 2);
      const { agent: agent_id, ttlSeconds: ttl, budget: spend_limit, scopes, labels } = wish;
      return ask({ path: '/v1/sessions', post: { agent_id, ttl, spend_limit, scopes, labels, parent } });
    },
    async list({ all, limit }) {
      const query = new URLSearchParams({ limit: String(limit), state: all ? 'all' : 'valid' });
      const { sessions } = await ask({ path: `/v1/sessions?${query.toString()}` });
      if (Array.isArray(sessions)) return sessions as JsonObject[];
      throw new CliError(`${base}: found no list of sessions`);
    },
    show: (id) => ask({ path: one(id) }),
    async revoke(id) {
      const session = await ask({ path: one(id) });
      await ask({ path: one(id), method: 'DELETE' });
      return { ...session, is_valid: false };
    },
  };
}
