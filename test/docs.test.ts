import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { refusalCodes } from '../packages/gateway/src/model/refusal.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'docs/errors');
const links = /\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g;

function page(code: string): string {
  return readFileSync(join(folder, `${code}.md`), 'utf8');
}

/** The path behind the link in the row of the page's table that begins with `title`, where there is one. */
function linked(text: string, title: string): string | undefined {
  const row = text.split('\n').find((line) => line.startsWith(`| ${title} |`));
  const target = row === undefined ? undefined : /\]\(([^)]+)\)/.exec(row)?.[1];
  return target === undefined ? undefined : join(folder, target);
}

function textOf(path: string | undefined): string {
  return path === undefined ? '' : readFileSync(path, 'utf8');
}

function targetsIn(path: string): string[] {
  return [...readFileSync(path, 'utf8').matchAll(links)].map((match) => join(dirname(path), match[1] ?? ''));
}

describe('the documentation of refusals', () => {
  it('has a page for each code, and a code for each page', () => {
    const pages = readdirSync(folder).map((name) => name.replace(/\.md$/, ''));
    expect(pages.toSorted()).toEqual(refusalCodes.toSorted());
  });

  it.each(refusalCodes)(
    'says of %s what it means, what the agent may do and what the operator checks',
    (code) => {
      const text = page(code);
      expect(text.split('\n')[0]).toBe(`# \`${code}\``);
      for (const head of ['What it means', 'What the agent may do', 'What the operator checks']) {
        expect(text).toMatch(new RegExp(`\\*\\*${head}\\.\\*\\* \\S`));
      }
    },
  );

  it.each(refusalCodes)('leads from %s to the stage that raises it and to a test that shows it', (code) => {
    const text = page(code);
    const stage = linked(text, 'Stage');
    expect(stage).toMatch(/packages[/\\]gateway[/\\]src[/\\]pipeline[/\\]stages[/\\][a-z-]+\.ts$/);
    // Where it is not the stage itself that throws, the page says what does.
    expect(textOf(linked(text, 'Raised in') ?? stage)).toContain(`'${code}'`);
    const test = linked(text, 'Shown by');
    expect(test).toMatch(/\.test\.ts$/);
    expect(textOf(test)).toContain(code);
  });
});

describe('the documentation', () => {
  const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name))
    .concat(readdirSync(root).filter((name) => name.endsWith('.md')));

  it.each(pages)('has no link to nowhere in %s', (name) => {
    expect(targetsIn(join(root, name)).filter((target) => !existsSync(target))).toEqual([]);
  });
});
