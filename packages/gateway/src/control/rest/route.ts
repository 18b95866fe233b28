import type { Context } from 'hono';
import { z } from 'zod';
import type { Need, ProblemCode } from '#contract';
import type { JsonDocument } from '../../lib/json/parse-json.js';
import type { Attempt } from '../../model/attempt.js';
import type { Principal, Role } from '../../model/principal.js';
import type { ControlVariables } from '../control-variables.js';
import type { Resource } from './resources.js';

/** Who may ask: anybody, whoever has the token of `/admin/holds`, or whoever has one of these roles. */
export type Access = 'anyone' | 'admin-token' | readonly Role[];

export const everyRole: readonly Role[] = ['agent', 'approver', 'auditor', 'operator', 'admin'];

/** A reply without a JSON body, in words for the document. */
export interface OtherReply {
  readonly description: string;
  /** Absent where there is no body at all. */
  readonly contentType?: string;
}

export type Replies = Readonly<Record<number, z.ZodType | OtherReply>>;

export interface RouteDefinition<
  Path extends string,
  Query extends z.core.$ZodShape,
  Body extends z.ZodType,
  Answers extends Replies,
> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** With its parameters in braces: `/v1/keys/{id}`. */
  readonly path: Path;
  /** Names the operation in the document and in clients made from it. */
  readonly id: string;
  /** The noun the route belongs to. */
  readonly resource: Resource;
  readonly summary: string;
  readonly description?: string;
  readonly access: Access;
  /** What a narrowed credential must cover; by default to read the resource, or to write it where the method is no GET. */
  readonly needs?: Need;
  /** The route refuses callers that are stopped by itself, and records it; every other that is no GET is closed to them. */
  readonly refusesStopped?: boolean;
  /** The members of the query; every other is refused. */
  readonly query?: Query;
  /** A schema that refuses what it does not know; without one the body must be empty or `{}`. */
  readonly body?: Body;
  /** In bytes; 65,536 where absent. */
  readonly longestBody?: number;
  /** Schemas by status; their `meta` describes them. */
  readonly replies: Answers;
  /** Further than those that every route may answer with (`commonProblems`). */
  readonly problems?: readonly ProblemCode[];
}

/** What a route is asked, read and checked. */
export interface Asked<Path extends string, Query extends z.core.$ZodShape, Body extends z.ZodType> {
  readonly principal: Principal;
  readonly params: Readonly<Record<ParamsIn<Path>, string>>;
  readonly query: z.output<z.ZodObject<Query>>;
  readonly body: z.output<Body>;
  /** The body as it came, for values that must keep their bytes. */
  readonly document: JsonDocument;
  readonly requestId: string;
  /** Present where it is asked under a key: what goes on record with what is done. */
  readonly attempt?: Attempt | undefined;
  /** For routes that need more of the request, or answer with a stream. */
  readonly context: Context<ControlVariables>;
}

type ParamsIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamsIn<Rest>
  : never;

interface WithHeaders {
  readonly headers?: Readonly<Record<string, string>>;
  /** It says that nothing was done yet, and to ask the same again: it is the answer to no other request. */
  readonly isUndone?: boolean;
}

/** JSON as a value or, where bytes matter, as a text; nothing for replies without a body; a whole response for streams. */
export type Reply<Answers extends Replies> =
  | { [Status in keyof Answers & number]: ReplyWith<Status, Answers[Status]> }[keyof Answers & number]
  | WholeReply;

export interface WholeReply {
  readonly response: Response;
}

type ReplyWith<Status extends number, Schema> = WithHeaders & {
  readonly status: Status;
} & (Schema extends z.ZodType
    ? { readonly body: Shown<z.input<Schema>> } | { readonly text: string }
    : object);

/** The same, where lists may be read only. */
type Shown<Value> = Value extends readonly (infer Item)[]
  ? readonly Shown<Item>[]
  : Value extends object
    ? { readonly [Name in keyof Value]: Shown<Value[Name]> }
    : Value;

/** A route with its types forgotten: what serving it and describing it need. */
export interface Route
  extends Omit<RouteDefinition<string, z.core.$ZodShape, z.ZodType, Replies>, 'query' | 'body'> {
  readonly query: z.ZodObject;
  readonly body: z.ZodType;
  readonly takesBody: boolean;
  readonly needed: string;
  handle(asked: Asked<string, z.core.$ZodShape, z.ZodType>): AnyReply | Promise<AnyReply>;
}

export type AnyReply =
  | WholeReply
  | (WithHeaders & { readonly status: number; readonly body?: unknown; readonly text?: string });

/** Describes a route and says what it does. The only way to make one. */
export function route<
  const Path extends string,
  Query extends z.core.$ZodShape = Record<never, never>,
  Body extends z.ZodType = z.ZodObject<Record<never, never>>,
  const Answers extends Replies = Replies,
  const Answer extends Reply<Answers> = Reply<Answers>,
>(
  definition: RouteDefinition<Path, Query, Body, Answers>,
  handle: (asked: Asked<Path, Query, Body>) => Answer | Promise<Answer>,
): Route {
  const { query, body, ...rest } = definition;
  return {
    ...rest,
    query: z.strictObject(query ?? {}),
    body: body ?? z.strictObject({}),
    takesBody: body !== undefined,
    needed: rest.needs ?? `${rest.resource}:${rest.method === 'get' ? 'read' : 'write'}`,
    handle: handle as unknown as Route['handle'],
  };
}

/** Who asks without a name shares every name with everybody: their answers are not kept. */
export function isAnsweredOnce({ method, access }: Pick<Route, 'method' | 'access'>): boolean {
  return method === 'post' && access !== 'anyone';
}

/** Whether the document of a reply describes JSON. */
export function isSchema(reply: z.ZodType | OtherReply): reply is z.ZodType {
  return reply instanceof z.ZodType;
}
