import { SallyportClient } from '@sallyport/client';
import { describe, expect, it } from 'vitest';
import { look } from './look.js';

const status = { ready: true, checks: { store: { ok: true } } };
const upstream = { id: 'files', transport: 'stdio', state: 'up', tools: 1, restarts: 0, since: 0 };

function clientOf(answers: Record<string, [status: number, body: object]>): {
  client: SallyportClient;
  asked: string[];
} {
  const asked: string[] = [];
  const client = new SallyportClient({
    baseUrl: 'http://gateway.test',
    token: 'k',
    fetch: async (input) => {
      const path = new URL(input instanceof Request ? input.url : input).pathname;
      asked.push(path);
      const answer = answers[path];
      if (answer === undefined) throw new TypeError('connection refused');
      return new Response(JSON.stringify(answer[1]), { status: answer[0] });
    },
  });
  return { client, asked };
}

describe('a look at the gateway', () => {
  it('asks for nothing protected without a key', async () => {
    const { client, asked } = clientOf({ '/readyz': [200, status] });
    const picture = await look(client, false);
    expect(picture).toMatchObject({ readiness: { text: 'ready' } });
    expect(picture.inside).toBeUndefined();
    expect(asked).toEqual(['/readyz']);
  });

  it('shows upstreams and the last records with a key, and stops at one page', async () => {
    const records = Array.from({ length: 50 }, (_, index) => ({
      id: 50 - index,
      type: 'call.decided',
      at: '',
    }));
    const { client, asked } = clientOf({
      '/readyz': [200, status],
      '/v1/upstreams': [200, { upstreams: [upstream] }],
      '/v1/audit/records': [200, { count: 1, records, next_cursor: '1' }],
    });
    const picture = await look(client, true);
    expect(picture.inside?.upstreams).toHaveLength(1);
    expect(picture.inside?.records).toHaveLength(50);
    expect(asked.filter((path) => path === '/v1/audit/records')).toHaveLength(1);
  });

  it('still shows readiness when the key is refused, and says why', async () => {
    const refused: [number, object] = [
      401,
      { status: 401, code: 'not_authenticated', detail: 'Send a valid key.' },
    ];
    const { client } = clientOf({
      '/readyz': [200, status],
      '/v1/upstreams': refused,
      '/v1/audit/records': refused,
    });
    expect(await look(client, true)).toMatchObject({
      readiness: { text: 'ready' },
      problem: 'Send a valid key.',
    });
  });

  it('shows that a gateway does not answer', async () => {
    const { client } = clientOf({});
    const picture = await look(client, true);
    expect(picture.readiness).toEqual({ text: 'no answer: connection refused', tone: 'bad' });
  });
});
