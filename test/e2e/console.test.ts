import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './approvals/approval-page-fixture.js';
import { type GatewayProcess, scratchFolder, startGateway } from './gateway-process.js';

const scratch = scratchFolder();
let gateway: GatewayProcess;

beforeAll(async () => {
  const tokens = [{ principal: 'olga', tokens: ['env:TOKEN_OLGA'], roles: ['auditor'] }];
  const config = { dataDir: 'data', upstreams: {}, auth: { tokens } };
  gateway = await startGateway(scratch.path, config, { TOKEN_OLGA: 'olga-token' });
});

afterAll(async () => {
  await gateway.stop();
  scratch.remove();
});

/** The page and everything that it loads, by path. */
async function loadAll(): Promise<Map<string, Response>> {
  const loaded = new Map<string, Response>();
  const wanted = [`${gateway.baseUrl}/console`];
  for (let url = wanted.pop(); url !== undefined; url = wanted.pop()) {
    if (loaded.has(url)) continue;
    const response = await fetch(url);
    loaded.set(url, response);
    const text = await response.clone().text();
    for (const match of text.matchAll(/(?:from\s+|\ssrc=|\shref=|import\s+)["']([^"']+)["']/g)) {
      wanted.push(new URL(match[1] ?? '', response.url).href);
    }
  }
  return loaded;
}

describe('the console', () => {
  it('loads whole from the gateway alone, and nothing that its policy forbids', async () => {
    const loaded = await loadAll();
    const kinds = [...loaded.values()].map((response) => response.headers.get('content-type')?.split(';')[0]);
    expect(kinds.filter((kind) => kind === 'text/javascript').length).toBeGreaterThan(5);
    expect(kinds).toContain('text/css');
    for (const [url, response] of loaded) {
      expect(new URL(url).origin).toBe(gateway.baseUrl);
      expect(response.status, url).toBe(200);
      expect(response.headers.get('content-security-policy'), url).toContain("default-src 'none'");
    }
  });

  it('shows more to whoever signs in with a key, which it does not keep, until they sign out', async () => {
    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      await page.goto(`${gateway.baseUrl}/console`);
      const hidden = page.getByText('sign in to see it').first();
      await hidden.waitFor();
      await page.getByLabel('Key with the role auditor').fill('olga-token');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('Signed in as olga').waitFor();
      await hidden.waitFor({ state: 'detached' });
      expect(
        await page.evaluate('JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie])'),
      ).toBe('[{},{},""]');
      expect(await page.getByLabel('Key with the role auditor').isVisible()).toBe(false);
      await page.getByRole('button', { name: 'Sign out' }).click();
      await hidden.waitFor();
      expect(await page.context().cookies()).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
