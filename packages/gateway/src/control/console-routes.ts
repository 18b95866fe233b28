import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Hono } from 'hono';
import { pageHeaders } from './approval-page/page-frame.js';
import type { ControlVariables } from './control-variables.js';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The console's files: a flat folder, names only, no path from the request ever joined. */
export function consoleRoutes(directory: string): Hono<ControlVariables> {
  const app = new Hono<ControlVariables>();
  app.get('/', (context) => context.redirect('/console/index.html'));
  app.get('/:name{[a-z][a-z0-9-]*\\.(html|css|js|svg)}', async (context) => {
    const name = context.req.param('name');
    const body = await readFile(join(directory, name)).catch(() => undefined);
    if (body === undefined) return context.notFound();
    return context.body(new Uint8Array(body), 200, {
      'Content-Type': types[extname(name)] ?? 'application/octet-stream',
      ...pageHeaders,
    });
  });
  return app;
}
