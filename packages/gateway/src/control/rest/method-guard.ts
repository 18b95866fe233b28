import type { Hono } from 'hono';
import type { ControlVariables } from '../control-variables.js';
import { admitToNothing } from './admit.js';
import { Problem } from './problem.js';
import type { Route } from './route.js';
import { honoPath, type Serving, told } from './serve-route.js';

/** Answers every other method of a known path with those there are. Comes after the routes themselves. */
export function guardMethods(app: Hono<ControlVariables>, routes: readonly Route[], serving: Serving): void {
  for (const path of new Set(routes.map((route) => route.path))) {
    const there = routes.filter((route) => route.path === path);
    const allow = allowed(there);
    const isOpen = there.some(({ access }) => access === 'anyone');
    app.all(honoPath(path), async (context) => {
      if (context.req.method === 'OPTIONS') return context.body(null, 204, { Allow: allow });
      try {
        if (!isOpen) await admitToNothing(context, serving);
        throw new Problem('method_not_allowed', `${path} knows ${allow}.`, { headers: { Allow: allow } });
      } catch (cause) {
        const { status, headers, text } = told(cause, context, serving.log);
        return new Response(text, { status, headers: { ...headers } });
      }
    });
  }
}

function allowed(routes: readonly Route[]): string {
  const methods = new Set(routes.map(({ method }) => method.toUpperCase()));
  return [...methods, ...(methods.has('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
}
