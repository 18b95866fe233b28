import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { problemCodes, problems } from '#contract';
import type { ControlVariables } from '../control-variables.js';

const types = {
  'index.html': 'text/html; charset=utf-8',
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'start.js': 'text/javascript; charset=utf-8',
} as const;

/** Swagger UI sets styles on elements; it needs no script but its own and ours, and nothing from elsewhere. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
  "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const headers = {
  'Content-Security-Policy': policy,
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
};

/** `/docs`: the document for people, and what each problem code means. Everything comes from this gateway. */
export function serveDocs(app: Hono<ControlVariables>, directory: string): void {
  app.get('/docs', (context) => context.redirect('/docs/index.html'));
  app.get('/docs/problems', (context) =>
    context.body(problemPage, 200, { ...headers, 'Content-Type': 'text/html; charset=utf-8' }),
  );
  for (const [name, type] of Object.entries(types)) {
    app.get(`/docs/${name}`, async (context) =>
      context.body(new Uint8Array(await readFile(join(directory, name))), 200, {
        ...headers,
        'Content-Type': type,
      }),
    );
  }
}

const rows = problemCodes.map((code) => {
  const { status, title } = problems[code];
  return `<dt id="${code}"><code>${code}</code> (${status})</dt><dd>${title}.</dd>`;
});

const problemPage = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sallyport: problem codes</title></head>
<body><main><h1>Problem codes</h1><dl>${rows.join('\n')}</dl></main></body></html>`;
