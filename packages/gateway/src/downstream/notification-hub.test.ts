import { beforeEach, describe, expect, it } from 'vitest';
import type { Principal } from '../model/principal.js';
import type { Resource, Target } from '../model/target.js';
import type { Tool } from '../model/tool.js';
import type { NewsOwner } from '../model/upstream-news.js';
import { agentA, TurnedClock, toolOf } from './face-fixture.js';
import { type Catalogue, type NoticeListener, NotificationHub } from './notification-hub.js';

const agentB: Principal = { ...agentA, id: 'agent-b' };
const fromOne = toolOf('{"name":"a"}', { upstream: 'one' });
const fromTwo = toolOf('{"name":"b"}', { upstream: 'two' });

class Lists implements Catalogue {
  all: readonly Tool[] = [fromOne, fromTwo];
  one: readonly Tool[] = [fromOne];
  readonly none = [];
  tools(endpoint?: string) {
    return endpoint === 'one' ? this.one : this.all;
  }
  prompts() {
    return this.none;
  }
  resources() {
    return this.none;
  }
  templates() {
    return this.none;
  }
  locate(_endpoint: string | undefined, _kind: 'resource', uri: string): Resource {
    return { kind: 'resource', exposedName: uri, upstream: 'one', name: uri };
  }
}

let clock: TurnedClock;
let lists: Lists;
let hub: NotificationHub;
let hidden: readonly Tool[];

beforeEach(() => {
  clock = new TurnedClock();
  lists = new Lists();
  hidden = [];
  hub = new NotificationHub({
    clock,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    catalogue: lists,
    isVisible: (target: Target) => !hidden.includes(target as Tool) && !target.exposedName.includes('hidden'),
    redact: (text) => text.replaceAll('hunter2', '[secret]').replaceAll('"broken', ''),
    exposedUri: (endpoint, upstream, uri) => {
      if (uri.startsWith('taken:')) return undefined;
      return endpoint === undefined ? `${upstream}+${uri}` : uri;
    },
  });
});

function listening(more: Partial<NoticeListener> = {}): string[] {
  const heard: string[] = [];
  hub.join({ principal: agentA, wants: () => true, deliver: (message) => heard.push(message), ...more });
  return heard;
}

const ofA: NewsOwner = { tenant: 'default', principal: 'agent-a' };

function news(
  owner: NewsOwner,
  params: object = { level: 'info', data: 'x' },
  method = 'notifications/message',
) {
  hub.heard({ upstream: 'one', owner, method, params: JSON.stringify(params) });
}

function change(...names: ('tools' | 'prompts' | 'resources')[]): void {
  hub.catalogueChanged(names);
  clock.turn(50);
}

const toolsChanged = '{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}';

describe('changes of lists', () => {
  it('are told once for all that happen at about the same time', () => {
    const heard = listening();
    lists.all = [fromOne];
    hub.catalogueChanged(['tools']);
    hub.catalogueChanged(['tools']);
    clock.turn(49);
    expect(heard).toEqual([]);
    clock.turn(1);
    expect(heard).toEqual([toolsChanged]);
    lists.all = [fromTwo];
    change('tools');
    expect(heard).toHaveLength(2);
  });

  it('are told at the endpoints where something is different', () => {
    const everywhere = listening();
    const atOne = listening({ endpoint: 'one' });
    lists.all = [fromOne];
    change('tools');
    expect([everywhere.length, atOne.length]).toEqual([1, 0]);
    lists.one = [];
    change('tools', 'prompts', 'resources');
    expect([everywhere.length, atOne.length]).toEqual([1, 1]);
  });

  it('are told to those who came before the change, not to those who came after', () => {
    const before = listening();
    lists.all = [fromOne];
    hub.catalogueChanged(['tools']);
    const between = listening();
    clock.turn(50);
    const after = listening();
    change('tools');
    expect([before.length, between.length, after.length]).toEqual([1, 1, 0]);
  });

  it('are told by kind, to those who want to hear of it', () => {
    const heard = listening({ wants: (method) => method === 'notifications/prompts/list_changed' });
    hub.policyChanged();
    clock.turn(50);
    expect(heard).toEqual(['{"jsonrpc":"2.0","method":"notifications/prompts/list_changed"}']);
  });

  it('of the policy are told although no list is another', () => {
    const heard = listening();
    hub.policyChanged();
    clock.turn(50);
    expect(heard).toHaveLength(3);
  });
});

describe('news of an upstream', () => {
  it('of a principal are never heard by another', () => {
    const mine = listening();
    const theirs = listening({ principal: agentB });
    const elsewhere = listening({ principal: { ...agentA, tenant: 'other' } });
    news(ofA);
    expect([mine.length, theirs.length, elsewhere.length]).toEqual([1, 0, 0]);
    expect(mine[0]).toBe(
      '{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"x"}}',
    );
  });

  it('of a session are heard in that session alone', () => {
    const [first, second, modern] = [listening({ session: 's1' }), listening({ session: 's2' }), listening()];
    news({ ...ofA, session: 's1' });
    expect([first.length, second.length, modern.length]).toEqual([1, 0, 0]);
  });

  it('are not heard at the endpoint of another upstream', () => {
    const heard = listening({ endpoint: 'one' });
    hub.heard({ upstream: 'two', owner: ofA, method: 'notifications/message', params: '{}' });
    expect(heard).toEqual([]);
    news(ofA);
    expect(heard).toHaveLength(1);
  });

  it('for everyone are heard by those who may use something of it', () => {
    const heard = listening();
    news('everyone');
    hidden = [fromOne];
    hub.policyChanged();
    news('everyone');
    expect(heard).toHaveLength(1);
  });

  it('for everyone cost little, however much is offered and whoever may use none of it', () => {
    let looks = 0;
    lists.all = new Proxy([fromOne], {
      get: (target, name) => {
        if (name === 'some') looks += 1;
        return Reflect.get(target, name) as unknown;
      },
    });
    hidden = [fromOne];
    const heard = listening();
    for (let count = 0; count < 100; count++) news('everyone');
    expect(looks).toBe(1);
    hidden = [];
    clock.turn(10_000);
    news('everyone');
    expect([looks, heard.length]).toEqual([2, 1]);
  });

  it('about a resource are not heard where another server has it under that URI', () => {
    const heard = listening({ endpoint: 'both' });
    const method = 'notifications/resources/updated';
    hub.heard({ upstream: 'two', owner: 'everyone', method, params: '{"uri":"file:///a"}' });
    expect(heard).toEqual([]);
  });

  it('are relayed only where the protocol has them', () => {
    const heard = listening();
    news(ofA, {}, 'notifications/progress');
    news(ofA, {}, 'notifications/tools/list_changed');
    news(ofA, {}, 'elicitation/create');
    expect(heard).toEqual([]);
  });

  it('name resources as callers of the endpoint do', () => {
    const asked: string[] = [];
    const wants = (_method: string, params: string) => asked.push(params) > 0;
    const everywhere = listening({ wants });
    const atOne = listening({ endpoint: 'one', wants });
    news(ofA, { uri: 'file:///a', more: 1 }, 'notifications/resources/updated');
    expect(asked).toEqual(['{"uri":"one+file:///a","more":1}', '{"uri":"file:///a","more":1}']);
    expect(everywhere[0]).toContain('"uri":"one+file:///a"');
    expect(atOne[0]).toContain('"uri":"file:///a"');
  });

  it('are not heard about resources that the listener may not read, or does not reach', () => {
    const heard = listening();
    news(ofA, { uri: 'taken:a' }, 'notifications/resources/updated');
    news(ofA, { uri: 'file:///hidden' }, 'notifications/resources/updated');
    news(ofA, { uri: 7 }, 'notifications/resources/updated');
    expect(heard).toEqual([]);
  });

  it('hold no secrets, and are dropped when nothing readable is left of them', () => {
    const heard = listening();
    news(ofA, { data: 'the password is hunter2' });
    news(ofA, { data: 'broken' });
    expect(heard).toHaveLength(1);
    expect(heard[0]).toContain('the password is [secret]');
  });

  it('are heard by nobody who has left', () => {
    const heard: string[] = [];
    const leave = hub.join({
      principal: agentA,
      wants: () => true,
      deliver: (message) => heard.push(message),
    });
    leave();
    news(ofA);
    expect([heard.length, hub.size]).toEqual([0, 0]);
  });
});
