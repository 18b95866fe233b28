import { expect, it } from 'vitest';
import { context, silentLog } from '../../../../../test/fixtures/upstreams/deps.js';
import { ManualClock } from '../../../../../test/fixtures/upstreams/manual-clock.js';
import { OpenRequests } from './open-requests.js';
import { PendingRequest } from './pending-request.js';
import { ServerVoice } from './server-voice.js';

it('gives a line of a log to the call in flight, but not while it may be about one that another caller left', async () => {
  const clock = new ManualClock();
  const requests = new OpenRequests<PendingRequest>();
  const news: string[] = [];
  const onNews = (method: string) => {
    news.push(method);
  };
  const voice = new ServerVoice({ clock, log: silentLog, context: context({ onNews }), requests });
  const host = {
    clock,
    onRequestEnd: (ended: PendingRequest, end: 'settled' | 'timeout' | 'cancelled') => {
      requests.remove(ended);
      voice.callEnded(ended, end);
    },
    roundsOf: () => undefined,
  };
  const heard: string[] = [];
  const begin = (who: string, timeoutMs: number) => {
    const onNotification = () => {
      heard.push(who);
    };
    const principal = { id: who, credential: 'key:1', tenant: 'default', roles: [], labels: {} };
    const request = { method: 'x', members: '', timeoutMs, onNotification, principal };
    const pending = new PendingRequest(host, request);
    pending.reply.catch(() => undefined);
    requests.add(pending);
  };
  const say = () => voice.onNotice({ kind: 'notification', method, params: undefined }, undefined);
  const method = 'notifications/message';

  begin('a', 1000);
  say();
  expect(heard).toEqual(['a']);
  await clock.advance(1000);
  begin('a', 1000);
  say();
  expect(heard.splice(1)).toEqual(['a']);
  await clock.advance(1000);
  begin('b', 600_000);
  say();
  expect([heard, news]).toEqual([['a'], [method]]);
  await clock.advance(60_000);
  say();
  expect(heard).toEqual(['a', 'b']);
});
