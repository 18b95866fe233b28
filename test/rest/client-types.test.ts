import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';
import { expect, it } from 'vitest';
import { root } from '../e2e/gateway-process.js';
import { documentOf } from './operations.js';
import { openRestGateway } from './rest-gateway.js';

const file = join(root, 'packages/client/src/rest.gen.ts');

it('is what the types of the client library were made of', async () => {
  const gateway = await openRestGateway();
  try {
    const types = astToString(
      await openapiTS(JSON.stringify(await documentOf(gateway)), { defaultNonNullable: false }),
    );
    const text = `// Written by scripts/write-client-types.mjs from the gateway's /openapi.json.\n${types}`;
    if (process.env.SALLYPORT_WRITE_DOCS === '1') writeFileSync(file, text);
    expect(readFileSync(file, 'utf8'), 'write them anew: node scripts/write-client-types.mjs').toBe(text);
  } finally {
    await gateway.close();
  }
});
