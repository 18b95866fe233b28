import { afterEach, expect, it } from 'vitest';
import { ApprovalScene } from './approval-scene.js';

let scene: ApprovalScene;
afterEach(() => scene.close());

it('those who may see all holds hear of each change as it happens, and agents do not', async () => {
  scene = await ApprovalScene.open();
  const open = (who: string) =>
    fetch(`${scene.url}/v1/approvals/stream`, { headers: { Authorization: `Bearer ${who}-token` } });
  expect((await open('agent-a')).status).toBe(403);
  const response = await open('ann');
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const heard: { id: string; state: string }[] = [];
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const hear = async (count: number): Promise<void> => {
    while (heard.length < count) {
      const { value = '' } = (await reader?.read()) ?? {};
      text += value;
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const data = /^data: (.*)$/m.exec(event)?.[1];
        if (data !== undefined) heard.push(JSON.parse(data));
      }
    }
  };
  await scene.call('agent-a', { n: 1 });
  await hear(1);
  await scene.post('bob', `/v1/approvals/${heard[0]?.id}/approve`);
  await scene.call('agent-a', { n: 1 });
  await hear(3);
  expect(heard.map(({ state }) => state)).toEqual(['pending', 'approved', 'used']);
  expect(new Set(heard.map(({ id }) => id)).size).toBe(1);
  await reader?.cancel();
});
