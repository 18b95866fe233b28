import { createMiddleware } from 'hono/factory';
import { newId } from '../../lib/ids.js';
import type { ControlVariables } from '../control-variables.js';

const wellFormed = /^[A-Za-z0-9._:-]{1,64}$/;

/** Gives each request a name, the caller's own where it has one, and says it in the reply and to the log. */
export const requestId = createMiddleware<ControlVariables>(async (context, next) => {
  const given = context.req.header('x-request-id') ?? '';
  const id = wellFormed.test(given) ? given : newId();
  context.set('requestId', id);
  await next();
  context.res.headers.set('X-Request-Id', id);
});
