import { expect, test } from 'vitest';
import { newSealKey } from '../lib/seal.js';
import type { Call } from '../model/call.js';
import type { Principal } from '../model/principal.js';
import type { Tool } from '../model/tool.js';
import { TaskHandles } from './task-handles.js';

const principal = (id: string, tenant = 'default'): Principal => ({
  id,
  credential: `key:${id}`,
  tenant,
  roles: ['agent'],
  labels: {},
});
const alice = principal('alice');
const call = {
  principal: alice,
  arrival: { transport: 'http', revision: '2026-07-28' },
  target: 'files__scan',
} as Call;
const tool = { kind: 'tool', upstream: 'files', name: 'scan', exposedName: 'files__scan' } as Tool;
const here = { principal: alice, era: 'modern' } as const;

test('an id leads its caller, and nobody else, to the task, in another process as well', () => {
  const key = newSealKey();
  const id = new TaskHandles(key).close(call, tool, 'inner');
  const handles = new TaskHandles(key);
  expect(handles.open(id, here)).toEqual({
    target: 'files__scan',
    task: { upstream: 'files', tool: 'scan', id: 'inner' },
  });
  expect(handles.open(id, { ...here, principal: principal('bob') })).toBe('task_foreign_caller');
  expect(handles.open(id, { ...here, principal: principal('alice', 'other') })).toBe('task_foreign_caller');
  expect(handles.open(id, { ...here, endpoint: 'files' })).toBe('task_foreign_endpoint');
  expect(handles.open(id, { ...here, era: 'legacy' })).toBe('task_foreign_endpoint');
  expect(new TaskHandles(newSealKey()).open(id, here)).toBe('task_forged');
  expect(handles.open('inner', here)).toBe('task_forged');
});

test('an id shows nothing of the task', () => {
  const id = new TaskHandles(newSealKey()).close(call, tool, 'inner');
  expect(id).toMatch(/^s1\.[\w-]+$/);
  expect(Buffer.from(id.slice(3), 'base64url').toString('latin1')).not.toContain('inner');
});

test('the longest id of an upstream that is taken can be used', () => {
  const handles = new TaskHandles(newSealKey());
  const long = { ...call, target: 'x'.repeat(128) };
  expect(handles.open(handles.close(long, tool, 'i'.repeat(1024)), here)).toMatchObject({
    task: { id: 'i'.repeat(1024) },
  });
});

test('whoever holds ids gets them listed, newest first, and news under them, without those of others', () => {
  const handles = new TaskHandles(newSealKey());
  const first = handles.close(call, tool, 'one');
  const second = handles.close(call, tool, 'two');
  handles.close({ ...call, principal: principal('bob') }, tool, 'three');
  expect(handles.heldBy(here)).toEqual([second, first]);
  expect(handles.shownIdOf(here, 'files', 'one')).toBe(first);
  expect(handles.shownIdOf(here, 'other', 'one')).toBeUndefined();
  expect(handles.shownIdOf(here, 'files', 'three')).toBeUndefined();
  expect(handles.shownIdOf({ ...here, endpoint: 'files' }, 'files', 'one')).toBeUndefined();
});
