import { expect, test } from 'vitest';
import { asked, policyOf, toolOf } from './policy-fixture.js';
import { writesByName, writesCondition } from './write-words.js';

const writes = [
  'write',
  'delete_user',
  'delete-user',
  'deleteUser',
  'DeleteUser',
  'DELETE_USER',
  'user_delete',
  'userDelete',
  'user.delete',
  'user-Delete',
  'userDELETE',
  'v2/delete',
  'fileWrite2',
  'HTTPPost',
  'bulkUpdateRows',
  'set',
  'Send_Email',
  'repo__push',
  'runQuery',
  'query_run',
  'ns:drop',
  'DELETEUser',
  'x9delete_1',
  'sql exec',
];
const reads = [
  'read_file',
  'get_updates',
  'address',
  'list_users',
  'getSettings',
  'input',
  'runtime_info',
  'dropdown',
  'recently_created',
  'search',
  'getAddress',
  'offset',
  'posts',
  'deleted_items',
  'Postgres',
  '',
];

test.each(writes)('%s is the name of a tool that writes', (name) => {
  expect(writesByName(name)).toBe(true);
});

test.each(reads)('%s is not', (name) => {
  expect(writesByName(name)).toBe(false);
});

test('the condition says the same, and annotations only ever add', () => {
  const policy = policyOf({ effect: 'allow', when: writesCondition });
  const holds = (name: string, annotations = {}) =>
    policy.decide(asked(toolOf(name, {}, { annotations }))).effect === 'allow';
  for (const name of writes)
    expect([name, holds(name), holds(name, { readOnlyHint: true })]).toEqual([name, true, true]);
  for (const name of reads)
    expect([name, holds(name), holds(name, { readOnlyHint: true })]).toEqual([name, false, false]);
  expect(holds('sync', { readOnlyHint: false, destructiveHint: false })).toBe(true);
  expect(holds('sync', { readOnlyHint: true, destructiveHint: true })).toBe(true);
});
