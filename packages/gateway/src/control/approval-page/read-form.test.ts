import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { readForm } from './read-form.js';

/** What is read of a form, as text; nothing where it is refused. */
async function read(body: string, terms?: Parameters<typeof readForm>[1]): Promise<string | undefined> {
  let form: URLSearchParams | undefined;
  const app = new Hono().post('/', async (context) => {
    form = await readForm(context, terms);
    return context.body(null, 204);
  });
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8' };
  await app.request('/', { method: 'POST', headers, body });
  return form?.toString();
}

test('a field that comes twice is refused, unless it is one that may', async () => {
  expect(await read('a=1&b=2')).toBe('a=1&b=2');
  expect(await read('a=1&b=2&a=3')).toBeUndefined();
  expect(await read('a=1&b=2&a=3', { several: ['a'] })).toBe('a=1&b=2&a=3');
});

test('a form that anybody may send is short, and a long one costs no more than its length', async () => {
  const many = Array.from({ length: 60_000 }, (_, at) => `f${at}=`).join('&');
  expect(await read(many)).toBeUndefined();
  const began = process.cpuUsage();
  expect(await read(many, { longest: 640_000 })).toHaveLength(many.length);
  expect(process.cpuUsage(began).user / 1000).toBeLessThan(2000);
});
