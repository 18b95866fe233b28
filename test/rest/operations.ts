import type { RestGateway } from './rest-gateway.js';

/** The document as far as tests look into it. */
export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: object;
}

interface DocumentedOperation {
  readonly 'x-roles'?: readonly string[];
  readonly 'x-scope'?: string;
  readonly security: readonly object[];
  readonly responses: Responses;
}

type Responses = Readonly<
  Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
>;

/** One operation of the document. */
export interface Operation {
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
  readonly roles: readonly string[];
  /** What a narrowed credential must cover; absent where no role is asked for. */
  readonly scope: string | undefined;
  /** By which schemes; empty for everybody. */
  readonly security: readonly string[];
  readonly statuses: readonly number[];
  readonly responses: Responses;
}

export async function documentOf(gateway: Pick<RestGateway, 'url'>): Promise<OpenApiDocument> {
  return (await fetch(`${gateway.url}/openapi.json`)).json() as Promise<OpenApiDocument>;
}

export function operationsIn(document: OpenApiDocument): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      roles: operation['x-roles'] ?? [],
      scope: operation['x-scope'],
      security: operation.security.flatMap((one) => Object.keys(one)),
      statuses: Object.keys(operation.responses).map(Number),
      responses: operation.responses,
    })),
  );
}

/** A path of the operation; nothing has such a name. */
export function somePath({ path }: Operation): string {
  return path.replaceAll(/\{[^}]+\}/g, 'none');
}
