import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const page = readFileSync(new URL('../static/index.html', import.meta.url), 'utf8');
const scripts = ['main', 'look', 'paint', 'session', 'view'].map((name) => {
  return readFileSync(new URL(`./${name}.ts`, import.meta.url), 'utf8');
});

describe("the console's page", () => {
  it('runs under a policy that allows only its own files', () => {
    expect(page).not.toMatch(/<style|\sstyle=|\son[a-z]+=|https?:|<script(?![^>]*\ssrc=)/i);
  });

  it('never reads text as markup', () => {
    for (const script of scripts)
      expect(script).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write/);
  });

  it('keeps no key: who is signed in is in a cookie that no script reads', () => {
    for (const script of scripts)
      expect(script).not.toMatch(/localStorage|sessionStorage|document\.cookie|indexedDB/);
  });

  it('has every element that its script asks for', () => {
    const asked = [...(scripts[0] ?? '').matchAll(/element\('([a-z-]+)'/g)].map((match) => match[1]);
    expect(asked.length).toBeGreaterThan(5);
    for (const id of asked) expect(page).toContain(`id="${id}"`);
  });

  it('names every field and every table column', () => {
    expect(page).toContain('<label for="key">');
    for (const head of page.matchAll(/<th(?<attributes>[\s>][^>]*)/g)) {
      expect(head.groups?.attributes).toContain('scope="col"');
    }
  });
});
