import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import type { Clock } from '../lib/clock.js';
import type { Log } from '../model/log.js';
import type { AttemptTable } from '../store/attempt-table.js';
import { type ApprovalPageParts, approvalPage } from './approval-page/approval-page.js';
import { type CallbackSource, channelCallbackRoutes } from './channel-callback-routes.js';
import { consoleRoutes } from './console-routes.js';
import type { ControlVariables } from './control-variables.js';
import { admitToNothing, type Doors } from './rest/admit.js';
import { serveDocs } from './rest/docs-routes.js';
import { IdempotencyKeys } from './rest/idempotency.js';
import { guardMethods } from './rest/method-guard.js';
import { openApiDocument } from './rest/openapi-document.js';
import { Problem } from './rest/problem.js';
import { requestId } from './rest/request-id.js';
import { type Serving, serveRoute, told } from './rest/serve-route.js';
import { type RouteSources, routesOf } from './routes.js';
import { type SignInParts, signInRoutes } from './sign-in/sign-in-routes.js';

export type ControlOptions = RouteSources & ApprovalPageParts & SignInParts & FaceParts;

interface FaceParts extends Doors, CallbackSource {
  /** Of the product, for the document. */
  readonly version: string;
  /** Folder of the console's static files. */
  readonly consoleDirectory: string;
  /** Folder of the files that show the document to people. */
  readonly docsDirectory: string;
  /** What was asked under keys, by whatever process. */
  readonly attempts: AttemptTable;
  readonly attemptKey: Uint8Array;
  readonly clock: Clock;
  readonly log: Log;
}

/** The REST face, the console's files and the probes of orchestrators. Starts no process, whatever it is asked. */
export function createControlFace(
  options: ControlOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  const { log } = options;
  const app = createApp(options);
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  return (request, response) => {
    listener(request, response).catch((cause: unknown) => {
      log.error({ err: cause }, 'a control request could not be answered');
      response.destroy();
    });
  };
}

function createApp(options: ControlOptions): Hono<ControlVariables> {
  const { log, version } = options;
  const app = new Hono<ControlVariables>();
  const serving: Serving = { ...options, idempotency: new IdempotencyKeys(options) };
  app.use(requestId);
  app.use(async (context, next) => {
    await next();
    context.res.headers.set('Cache-Control', 'no-store');
    context.res.headers.set('X-Content-Type-Options', 'nosniff');
  });
  const routes = routesOf(options);
  for (const route of routes) serveRoute(app, route, serving);
  guardMethods(app, routes, serving);
  let document: object | undefined;
  app.get('/openapi.json', (context) => {
    document ??= openApiDocument(routes, version);
    return context.json(document);
  });
  serveDocs(app, options.docsDirectory);
  app.route('/', signInRoutes(options));
  app.route('/approve', approvalPage(options));
  app.route('/hooks/approvals', channelCallbackRoutes(options));
  app.route('/console', consoleRoutes(options.consoleDirectory));
  app.notFound(async (context) => {
    const { path } = context.req;
    if (path === '/v1' || path.startsWith('/v1/')) await admitToNothing(context, serving);
    throw new Problem('not_found', `There is no ${path} here.`);
  });
  app.onError((cause, context) => {
    const { status, headers, text } = told(cause, context, log);
    return new Response(text, { status, headers: { ...headers } });
  });
  return app;
}
