import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../gateway-process.js';
import { sdk1, sdk2Legacy, sdk2Modern } from '../peers.js';
import { ApprovalScene, holdKey, refusalKey } from './approval-scene.js';

let scene: ApprovalScene;
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  await scene.close();
});

const args = { to: 'bob', n: 1 };
const patient = { approvals: { waitSeconds: 20 } };

async function answer(verb: 'approve' | 'deny'): Promise<string> {
  const [hold] = await scene.pending();
  await scene.post('ann', `/v1/approvals/${hold?.id}/${verb}`);
  return hold?.id ?? '';
}

describe.each([sdk1, sdk2Legacy, sdk2Modern])('a call of $name that waits', (peer) => {
  async function connect() {
    const client = await peer.connect({ url: `${scene.url}/mcp`, key: 'agent-a-token' });
    ends.push(() => client.close());
    return client;
  }

  it('goes on when it is approved, without having to be made again', async () => {
    scene = await ApprovalScene.open(patient);
    const client = await connect();
    const reply = client.callTool('pay', args);
    await answer('approve');
    expect((await reply).result).toMatchObject({ content: [{ text: 'pay ran' }] });
    expect(scene.called()).toEqual(['pay']);
  });

  it('is refused when it is denied', async () => {
    scene = await ApprovalScene.open(patient);
    const client = await connect();
    const reply = client.callTool('pay', args);
    await answer('deny');
    expect((await reply).result).toMatchObject({
      isError: true,
      _meta: { [refusalKey]: { code: 'approval_denied' } },
    });
    expect(scene.called()).toEqual([]);
  });

  it('is refused when nobody answers while it may wait, and its hold is over then', async () => {
    scene = await ApprovalScene.open({ approvals: { mode: 'wait', waitSeconds: 0.3 } });
    const reply = await (await connect()).callTool('pay', args);
    expect(reply.result).toMatchObject({
      isError: true,
      _meta: { [refusalKey]: { code: 'approval_expired', status: 403 } },
    });
    const { approvals } = (await scene.rest('ann', '/v1/approvals')).body;
    expect(approvals).toEqual([expect.objectContaining({ state: 'cancelled' })]);
  });

  it('is told that it was not executed when its patience is over, and attaches when it is made again', async () => {
    scene = await ApprovalScene.open({ approvals: { waitSeconds: 0.05 } });
    const client = await connect();
    const reply = await client.callTool('pay', args);
    expect(reply.result).toMatchObject({ isError: false, _meta: { [holdKey]: { executed: false } } });
    await answer('approve');
    const second = await client.callTool('pay', args);
    expect(second.result).toMatchObject({ content: [{ text: 'pay ran' }] });
    expect(scene.called()).toEqual(['pay']);
  });
});

describe('a modern client', () => {
  const modern = (params: object, who = 'agent-a') =>
    fetch(`${scene.url}/mcp`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${who}-token`,
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        'MCP-Protocol-Version': '2026-07-28',
        'Mcp-Method': 'tools/call',
        'Mcp-Name': 'pay',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: {
          name: 'pay',
          arguments: args,
          _meta: {
            'io.modelcontextprotocol/protocolVersion': '2026-07-28',
            'io.modelcontextprotocol/clientCapabilities': {},
          },
          ...params,
        },
      }),
    }).then(async (response) => {
      const text = await response.text();
      return JSON.parse(text.startsWith('{') ? text : text.slice(text.lastIndexOf('data: ') + 6));
    });

  it('is told to come back with a state that only it can use for this call, also after a restart', async () => {
    const brief = { approvals: { waitSeconds: 0.05 } };
    scene = await ApprovalScene.open(brief);
    const { result } = await modern({});
    expect(result).toMatchObject({ resultType: 'input_required', requestState: expect.any(String) });
    expect(result).not.toHaveProperty('inputRequests');
    const { requestState } = result;
    expect((await modern({ requestState }, 'agent-b')).error.message).toContain('another caller');
    expect((await modern({ requestState, arguments: { ...args, n: 2 } })).error.message).toContain(
      'other arguments',
    );
    await scene.stop();
    await scene.start(brief);
    expect((await modern({ requestState })).result.resultType).toBe('input_required');
    await answer('approve');
    // Nothing that a client sends back can approve, and nothing of it goes upstream.
    const inputResponses = { approve: { action: 'accept', content: { approved: true } } };
    expect((await modern({ requestState, inputResponses })).result.content[0].text).toBe('pay ran');
    expect(scene.called()).toEqual(['pay']);
  });

  it('cannot approve by what it sends back', async () => {
    scene = await ApprovalScene.open({ approvals: { waitSeconds: 0.05 } });
    const { result } = await modern({});
    const inputResponses = { approve: { action: 'accept', content: { approved: true } } };
    const again = await modern({ requestState: result.requestState, inputResponses });
    expect(again.result.resultType).toBe('input_required');
    expect(scene.called()).toEqual([]);
  });
});

describe('a call that waits', () => {
  it('is not run for a caller that has gone; the same call attaches later', async () => {
    scene = await ApprovalScene.open(patient);
    const leaving = new AbortController();
    const gone = scene.call('agent-a', args, 'pay', leaving.signal).catch(() => 'gone');
    await scene.pending();
    leaving.abort();
    expect(await gone).toBe('gone');
    const id = await answer('approve');
    expect((await scene.rest('ann', `/v1/approvals/${id}`)).body.state).toBe('approved');
    expect(scene.called()).toEqual([]);
    expect((await scene.call('agent-a', args)).content[0].text).toBe('pay ran');
    expect(scene.called()).toEqual(['pay']);
  });

  it('is told at once that it was not executed when the gateway stops, and its hold stays', async () => {
    scene = await ApprovalScene.open(patient);
    const reply = scene.call('agent-a', args);
    const [hold] = await scene.pending();
    await scene.stop();
    expect((await reply)._meta[holdKey]).toMatchObject({ id: hold?.id, executed: false });
    await scene.start(patient);
    await answer('approve');
    expect((await scene.call('agent-a', args)).content[0].text).toBe('pay ran');
  });

  it('is not run for a caller whose credential is gone by now', async () => {
    scene = await ApprovalScene.open(patient);
    const reply = scene.call('agent-a', args);
    await scene.pending();
    const tokens = [{ principal: 'ann', tokens: ['env:TOKEN_ANN'], roles: ['approver'] }];
    await scene.reload({ ...patient, auth: { tokens } });
    await answer('approve');
    expect((await reply)._meta[refusalKey].code).toBe('approval_expired');
    expect(scene.called()).toEqual([]);
  });

  it('waits no longer than its client has patience', async () => {
    scene = await ApprovalScene.open({
      approvals: { waitSeconds: 60, patienceSeconds: { 'sallyport-e2e': 0.05 } },
    });
    const client = await sdk1.connect({ url: `${scene.url}/mcp`, key: 'agent-a-token' });
    ends.push(() => client.close());
    expect((await client.callTool('pay', args)).result).toMatchObject({ _meta: { [holdKey]: {} } });
  });

  it('takes no place of other calls', async () => {
    scene = await ApprovalScene.open({ ...patient, limits: { concurrentCallsPerPrincipal: 1 } });
    const waiting = scene.call('agent-a', args);
    await scene.pending();
    expect((await scene.call('agent-a', {}, 'look')).content[0].text).toBe('look ran');
    await answer('approve');
    expect((await waiting).content[0].text).toBe('pay ran');
  });

  it('runs once when two wait for the same answer; the other asks again', async () => {
    scene = await ApprovalScene.open(patient);
    const replies = [scene.call('agent-a', args), scene.call('agent-a', args)];
    await scene.pending();
    await until('both to wait', async () => (await scene.records('call.decided')).length === 2);
    const first = await answer('approve');
    const second = await answer('deny');
    expect(second).not.toBe(first);
    const texts = (await Promise.all(replies)).map(({ content }) => String(content[0].text));
    expect(texts).toHaveLength(2);
    expect(texts).toEqual(expect.arrayContaining([expect.stringContaining('said no'), 'pay ran']));
    expect(scene.called()).toEqual(['pay']);
  });
});
