import { OpenAPIHono } from '@hono/zod-openapi';
import type { z } from 'zod';
import { type ProblemCode, problemSchema, problems } from '#contract';
import { JsonSchemas } from './json-schemas.js';
import { resources } from './resources.js';
import { isAnsweredOnce, isSchema, type Route } from './route.js';

type PathConfig = Parameters<OpenAPIHono['openAPIRegistry']['registerPath']>[0];
type Responses = PathConfig['responses'];
type Parameters_ = NonNullable<PathConfig['parameters']>;

const description = `Everything that people and programs do with a gateway besides calling tools over MCP.

Answers that are no success are \`application/problem+json\` with a \`code\` of a closed list; besides those named for an operation, every operation may answer 500 (\`internal\`) and, to tokens of other issuers, 503 (\`issuer_unavailable\`). A list answers with \`count\` and, where more is to come, \`next_cursor\`. A POST with an \`Idempotency-Key\` is carried out once and answered the same again for 24 hours. \`X-Request-Id\` is taken over into the answer and the record.`;

const securitySchemes = {
  bearer: { type: 'http', scheme: 'bearer', description: 'an API key or a configured token' },
  apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'the same API key' },
  cookie: {
    type: 'apiKey',
    in: 'cookie',
    name: 'sallyport',
    description:
      'of somebody who is signed in (`__Host-sallyport` under https); changes need `Sallyport-Csrf`, too',
  },
  adminToken: { type: 'http', scheme: 'bearer', description: 'the configured token of /admin/holds' },
} as const;

/** The OpenAPI 3.1 document of the routes. Throws where two of them contradict each other. */
export function openApiDocument(routes: readonly Route[], version: string): object {
  const schemas = new JsonSchemas();
  const app = new OpenAPIHono();
  const problem = schemas.of(problemSchema, 'output');
  for (const route of routes) app.openAPIRegistry.registerPath(operationOf(route, { schemas, problem }));
  for (const [name, scheme] of Object.entries(securitySchemes))
    app.openAPIRegistry.registerComponent('securitySchemes', name, scheme);
  for (const [name, schema] of schemas.named) app.openAPIRegistry.registerComponent('schemas', name, schema);
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Sallyport',
      version,
      description,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: '/', description: 'the gateway that answers with this document' }],
    tags: Object.entries(resources).map(([name, description]) => ({ name, description })),
  });
}

interface Words {
  readonly schemas: JsonSchemas;
  readonly problem: object;
}

function operationOf(route: Route, words: Words): PathConfig {
  const { method, path, id, resource, summary, access } = route;
  const content = { 'application/json': { schema: words.schemas.of(route.body, 'input') } };
  return {
    method,
    path,
    operationId: id,
    tags: [resource],
    summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    security:
      access === 'anyone'
        ? []
        : access === 'admin-token'
          ? [{ adminToken: [] }]
          : [{ bearer: [] }, { apiKey: [] }, { cookie: [] }],
    ...(access === 'anyone' || access === 'admin-token'
      ? {}
      : { 'x-roles': access, 'x-scope': route.needed }),
    parameters: parametersOf(route, words.schemas),
    ...(route.takesBody ? { request: { body: { content, required: needsBody(route.body) } } } : {}),
    responses: responsesOf(route, words),
  };
}

function needsBody(body: z.ZodType): boolean {
  return !body.safeParse({}).success;
}

function parametersOf(route: Route, schemas: JsonSchemas): Parameters_ {
  const { path, query } = route;
  const named = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path' as const,
    required: true,
    schema: { type: 'string' as const },
  }));
  const asked = schemas.of(query, 'input') as { properties?: Record<string, object>; required?: string[] };
  const queried = Object.entries(asked.properties ?? {}).map(([name, schema]) => ({
    name,
    in: 'query' as const,
    required: asked.required?.includes(name) === true,
    schema,
  }));
  const key = {
    name: 'Idempotency-Key',
    in: 'header' as const,
    required: false,
    schema: { type: 'string' as const, minLength: 1, maxLength: 255 },
    description: 'With it, the request is carried out once; while the first is under way, the answer is 409.',
  };
  return [...named, ...queried, ...(isAnsweredOnce(route) ? [key] : [])];
}

function responsesOf(route: Route, { schemas, problem }: Words): Responses {
  const replies = Object.entries(route.replies).map(([status, reply]) => {
    if (!isSchema(reply)) {
      const { description, contentType } = reply;
      return [
        status,
        contentType === undefined
          ? { description }
          : { description, content: { [contentType]: { schema: { type: 'string' } } } },
      ];
    }
    const description = reply.meta()?.description ?? 'The answer';
    return [
      status,
      { description, content: { 'application/json': { schema: schemas.of(reply, 'output') } } },
    ];
  });
  const refusals = [...codesByStatus(route)].map(([status, codes]) => {
    const description = codes.map((code) => `\`${code}\`: ${problems[code].title}`).join('. ');
    return [String(status), { description, content: { 'application/problem+json': { schema: problem } } }];
  });
  return Object.fromEntries([...refusals, ...replies]) as Responses;
}

function codesByStatus(route: Route): Map<number, ProblemCode[]> {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of new Set([...commonProblems(route), ...(route.problems ?? [])])) {
    const { status } = problems[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return byStatus;
}

/** What a route may answer with because of what it is. */
function commonProblems(route: Route): ProblemCode[] {
  const { access, method } = route;
  return [
    'invalid_query',
    ...(access === 'anyone' ? [] : (['not_authenticated'] as const)),
    ...(access === 'admin-token' ? (['not_configured', 'too_many_failures'] as const) : []),
    ...(Array.isArray(access) ? (['too_many_failures', 'scope_missing'] as const) : []),
    ...(Array.isArray(access) && method !== 'get' && route.refusesStopped !== true
      ? (['forbidden'] as const)
      : []),
    ...(Array.isArray(access) && access.length < 5 ? (['role_missing'] as const) : []),
    ...(method === 'get' || method === 'delete'
      ? []
      : (['invalid_body', 'body_too_large', 'unsupported_media_type'] as const)),
    ...(isAnsweredOnce(route) ? (['idempotency_mismatch'] as const) : []),
  ];
}
