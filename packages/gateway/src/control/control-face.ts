import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import type { Log } from '../model/log.js';
import type { UpstreamDetails } from '../model/upstream.js';
import type { RecordTable } from '../store/record-table.js';
import { type ApprovalSource, approvalRoutes } from './approval-routes.js';
import { auditRoutes } from './audit-routes.js';
import { authenticated, type Identify, withRole } from './authenticated.js';
import { type CompatHoldSource, compatHoldRoutes } from './compat-hold-routes.js';
import { consoleRoutes } from './console-routes.js';
import type { ControlVariables } from './control-variables.js';
import { problem } from './problem.js';

export interface Readiness {
  readonly ready: boolean;
  /** What is checked, and why it is not ready, in sentences without secrets. */
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly reason?: string }>>;
}

export interface ControlOptions
  extends ApprovalSource,
    Pick<CompatHoldSource, 'checkAdminToken' | 'carryOut'> {
  readonly identify: Identify;
  readonly readiness: () => Readiness;
  readonly upstreams: () => Promise<readonly UpstreamDetails[]>;
  /** Brings what is durable into the tables; resolves soon, whether it could or not. */
  readonly refresh: () => Promise<void>;
  readonly records: RecordTable;
  /** Folder of the console's static files. */
  readonly consoleDirectory: string;
  readonly log: Log;
}

const overseers = ['auditor', 'operator', 'admin'] as const;

/** The REST face, the console's files and the probes of orchestrators. Starts no process, whatever it is asked. */
export function createControlFace(
  options: ControlOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  const app = new Hono<ControlVariables>();
  app.use(async (context, next) => {
    await next();
    context.res.headers.set('Cache-Control', 'no-store');
    context.res.headers.set('X-Content-Type-Options', 'nosniff');
  });
  app.get('/livez', (context) => context.json({ alive: true }));
  app.get('/readyz', (context) => {
    const readiness = options.readiness();
    return context.json(readiness, readiness.ready ? 200 : 503);
  });
  app.use('/v1/*', authenticated(options.identify, ['agent', 'approver', 'auditor', 'operator', 'admin']));
  app.use('/v1/upstreams', withRole(overseers));
  app.use('/v1/audit/*', withRole(overseers));
  app.get('/v1/upstreams', async (context) => context.json({ upstreams: await options.upstreams() }));
  app.route('/v1/audit', auditRoutes(options));
  app.route('/v1/approvals', approvalRoutes(options));
  app.route('/admin/holds', compatHoldRoutes(options));
  app.route('/console', consoleRoutes(options.consoleDirectory));
  app.notFound((context) =>
    problem(context, { status: 404, code: 'not_found', detail: `There is no ${context.req.path} here.` }),
  );
  app.onError((cause, context) => {
    options.log.error({ err: cause, path: context.req.path }, 'a control request failed');
    return problem(context, {
      status: 500,
      code: 'internal',
      detail: 'The request failed inside the gateway.',
    });
  });
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  return (request, response) => {
    listener(request, response).catch((cause: unknown) => {
      options.log.error({ err: cause }, 'a control request could not be answered');
      response.destroy();
    });
  };
}
