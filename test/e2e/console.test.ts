import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, scratchFolder, startGateway } from './gateway-process.js';

const scratch = scratchFolder();
let gateway: GatewayProcess;

beforeAll(async () => {
  gateway = await startGateway(scratch.path, { dataDir: 'data', upstreams: {} });
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
});
