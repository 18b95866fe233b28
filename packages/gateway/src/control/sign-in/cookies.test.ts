import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { keepCookie, readCookie } from './cookies.js';

function ask(publicUrl: string, headers: Record<string, string>) {
  const app = new Hono();
  const site = { publicUrl: () => publicUrl };
  app.get('/set', (context) => {
    keepCookie(context, { name: 'c', value: 'v', maxAge: 60 }, site);
    return context.text(readCookie(context, 'c', site) ?? 'none');
  });
  return app.request('/set', { headers });
}

const https = 'https://gateway.example';

it('is bound to its host under https, and plain on this machine', async () => {
  const secure = await ask(https, { host: 'gateway.example' });
  expect(secure.headers.get('set-cookie')).toBe(
    '__Host-c=v; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax',
  );
  const byOrigin = await ask('http://127.0.0.1:7777', { host: 'g.example', origin: 'https://g.example' });
  expect(byOrigin.headers.get('set-cookie')).toMatch(/^__Host-c=v;.*; Secure/);
  const plain = await ask('http://127.0.0.1:7777', { host: '127.0.0.1:7777' });
  expect(plain.headers.get('set-cookie')).toBe('c=v; Max-Age=60; Path=/; HttpOnly; SameSite=Lax');
});

it('counts under https only with the prefix that no neighbour can set', async () => {
  const text = async (publicUrl: string, headers: Record<string, string>) =>
    (await ask(publicUrl, headers)).text();
  expect(await text(https, { host: 'gateway.example', cookie: 'c=planted' })).toBe('none');
  expect(await text(https, { host: 'gateway.example', cookie: 'c=planted; __Host-c=own' })).toBe('own');
  expect(await text('http://127.0.0.1', { host: '127.0.0.1', cookie: 'c=own' })).toBe('own');
});
