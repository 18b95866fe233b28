import { z } from 'zod';
import { grantSchema } from './grant.js';
import { roleSchema } from './role.js';
import { secretReferenceSchema } from './secret-reference.js';

const text = z.string().min(1);

const labelsSchema = z.record(text, z.string()).describe('labels of the principal, for rules');

const staticTokenSchema = z
  .strictObject({
    principal: text.describe('the name that rules and records use for the caller'),
    tokens: z
      .array(secretReferenceSchema)
      .min(1)
      .describe('references to the accepted tokens; two during a rotation'),
    roles: z.array(roleSchema).min(1).default(['agent']).describe('what the caller may do'),
    labels: labelsSchema.optional(),
    tenant: text.default('default').describe('whose the caller is'),
    scopes: z.array(grantSchema).min(1).optional().describe('what the tokens are narrowed to'),
  })
  .describe('a caller with static bearer tokens');

/** Signatures by a private key only: who can verify a token must not be able to make one. */
const algorithmSchema = z.enum([
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
]);

/** How the gateway reaches a provider. */
const providerReach = {
  addresses: z
    .array(text)
    .default([])
    .describe('addresses and ranges besides public ones that the provider may be at: 10.0.0.0/8'),
  plainHttp: z
    .boolean()
    .default(false)
    .describe('true: its URLs may begin with http:// although it is not on this machine'),
};

const claimPath = text.describe('a claim, or a path into one with dots: realm_access.roles');

/** Which claims say who somebody is; nothing that is not named here counts. */
const claimsSchema = z
  .strictObject({
    principal: claimPath.default('sub').describe('the claim that names the principal'),
    roles: z
      .strictObject({
        claim: claimPath,
        map: z
          .record(text, z.array(roleSchema).min(1))
          .describe('what each value of the claim means; others mean nothing'),
      })
      .optional()
      .describe('the claim that gives roles'),
    tenant: z
      .strictObject({
        claim: claimPath,
        map: z.record(text, text).describe('the tenant of each value; a token with another value is refused'),
      })
      .optional()
      .describe('the claim that says whose the principal is'),
    labels: z.record(text, claimPath).default({}).describe('labels of the principal, each from a claim'),
  })
  .describe('what of the claims is believed, and as what');

/** RFC 6749 `scope-token`. */
const scopeSchema = z
  .string()
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/)
  .describe('an OAuth scope');

const issuerSchema = z
  .strictObject({
    issuer: z.url({ protocol: /^https?$/ }).describe('exactly as in the claim "iss"'),
    audience: z.array(text).min(1).describe('names of this gateway of which "aud" must hold one, exactly'),
    algorithms: z.array(algorithmSchema).min(1).default(['RS256']).describe('how its tokens are signed'),
    types: z
      .array(z.enum(['at+jwt', 'JWT']))
      .min(1)
      .default(['at+jwt'])
      .describe('accepted values of the header "typ"; JWT for issuers that do not follow RFC 9068'),
    jwksUri: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('where its keys are; without it they are found by discovery'),
    clockToleranceSeconds: z
      .number()
      .min(0)
      .max(60)
      .default(30)
      .describe('how far its clock may be from ours'),
    prefix: z.string().default('').describe('put before the names of its principals'),
    claims: claimsSchema.prefault({}),
    roles: z.array(roleSchema).default(['agent']).describe('roles of each of its principals'),
    tenant: text.default('default').describe('whose its principals are, unless a claim says so'),
    scopes: z
      .record(scopeSchema, z.array(grantSchema).min(1))
      .optional()
      .describe('what each OAuth scope permits; a token permits no more. Without it the roles alone decide'),
    ...providerReach,
  })
  .describe('an issuer of access tokens (JWT)');

const signInSchema = z
  .strictObject({
    issuer: z.url({ protocol: /^https?$/ }).describe('the OpenID provider, exactly as it names itself'),
    clientId: text.describe('the name that the provider knows this gateway by'),
    clientSecret: secretReferenceSchema
      .optional()
      .describe(
        'reference to the secret of the client; without one it is a public client, with PKCE all the same',
      ),
    clientAuthentication: z
      .enum(['basic', 'post'])
      .default('basic')
      .describe('how the secret is sent to the token endpoint'),
    algorithm: algorithmSchema.default('RS256').describe('how ID tokens are signed'),
    scopes: z
      .array(scopeSchema)
      .default(['openid', 'profile'])
      .refine((scopes) => scopes.includes('openid'), { error: 'expected openid among the scopes' })
      .describe('what is asked of the provider'),
    prefix: z.string().default('').describe('put before the names of those who sign in'),
    claims: claimsSchema.prefault({}),
    roles: z.array(roleSchema).default([]).describe('roles of everybody who signs in'),
    tenant: text.default('default').describe('whose they are, unless a claim says so'),
    sessionMinutes: z
      .int()
      .min(1)
      .max(720)
      .default(60)
      .describe('how long somebody stays signed in, however much they do'),
    ...providerReach,
  })
  .describe('where people sign in to the console, the approval page and the REST face (OpenID Connect)');

export const authSchema = z
  .strictObject({
    mode: z
      .enum(['keys', 'none'])
      .default('keys')
      .describe('keys: each caller proves who it is; none: nobody does, on a loopback address only'),
    tokens: z.array(staticTokenSchema).default([]).describe('callers with static bearer tokens'),
    publicUrl: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('under which clients and browsers know this gateway; by default the address it listens on'),
    issuers: z.array(issuerSchema).default([]).describe('whose access tokens are accepted'),
    signIn: signInSchema.optional(),
  })
  .describe('who may connect');

/** One issuer of access tokens, every default filled in. */
export type IssuerConfig = z.output<typeof issuerSchema>;
/** Where people sign in, every default filled in. */
export type SignInConfig = z.output<typeof signInSchema>;
/** Which claims count, every default filled in. */
export type ClaimsConfig = z.output<typeof claimsSchema>;
