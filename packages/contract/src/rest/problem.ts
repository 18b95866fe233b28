import { z } from 'zod';

/** The closed list of what the REST face answers besides what was asked for: status and title by code. */
export const problems = {
  invalid_query: { status: 400, title: 'The query cannot be used' },
  invalid_body: { status: 400, title: 'The body cannot be used' },
  invalid_header: { status: 400, title: 'A header cannot be used' },
  note_missing: { status: 400, title: 'A reason is required' },
  not_authenticated: { status: 401, title: 'No valid credential was presented' },
  forbidden: { status: 403, title: 'The caller may not do this' },
  step_up: { status: 403, title: 'The credential must come with the answer' },
  role_missing: { status: 403, title: 'The credential lacks a role' },
  scope_missing: { status: 403, title: 'The credential, or the session, is narrowed to other things' },
  not_found: { status: 404, title: 'There is no such resource' },
  unknown: { status: 404, title: 'There is no such hold' },
  method_not_allowed: { status: 405, title: 'The resource does not know the method' },
  conflict: { status: 409, title: 'The state of the resource does not allow it' },
  decided: { status: 409, title: 'The hold is decided already' },
  expired: { status: 409, title: 'The hold has expired' },
  changed: { status: 409, title: 'What was seen is not what is there' },
  not_editable: { status: 409, title: 'The arguments cannot be changed like this' },
  not_approved: { status: 409, title: 'The hold is not approved, or was used' },
  voted: { status: 409, title: 'The approver has answered before' },
  exists: { status: 409, title: 'There is one of that name' },
  read_only: { status: 409, title: 'It comes from the configuration file' },
  no_result: { status: 409, title: 'There is no result' },
  idempotency_in_progress: { status: 409, title: 'The first request with this Idempotency-Key is under way' },
  idempotency_lost: {
    status: 409,
    title: 'The answer to the first request with this Idempotency-Key is gone',
  },
  precondition_failed: { status: 412, title: 'The resource is not what the change was meant for' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body is not JSON' },
  invalid_policy: { status: 422, title: 'The policy cannot work' },
  invalid_upstream: { status: 422, title: 'The upstream cannot work' },
  idempotency_mismatch: { status: 422, title: 'The Idempotency-Key belongs to another request' },
  too_many_failures: { status: 429, title: 'Too many credentials were refused' },
  internal: { status: 500, title: 'The gateway failed' },
  issuer_unavailable: { status: 503, title: 'The credential cannot be judged at the moment' },
  not_ready: { status: 503, title: 'The gateway takes no changes now' },
  unrecorded: { status: 503, title: 'The change could not be recorded, and was not made' },
  stopped_unrecorded: { status: 503, title: 'The change was made, and may not be on record' },
  full: { status: 503, title: 'As many are open as may be' },
  not_configured: { status: 503, title: 'The configuration does not provide for it' },

  kill_switch: { status: 403, title: 'An operator has stopped such calls' },
  session_invalid: { status: 401, title: 'The session does not count' },
  unknown_target: { status: 404, title: 'There is no such tool for this caller' },
  invalid_arguments: { status: 400, title: 'The arguments do not fit the tool' },
  target_changed: { status: 403, title: 'The definition of the tool changed and waits for a person' },
  rate_limited: { status: 429, title: 'Too many calls' },
  concurrency_limited: { status: 429, title: 'Too many calls at once' },
  repeated_call: { status: 429, title: 'The same call too often' },
  denied: { status: 403, title: 'Policy denies the call' },
  approval_denied: { status: 403, title: 'A person said no' },
  approval_expired: { status: 403, title: 'Nobody answered in time' },
  not_confirmed: { status: 403, title: 'The user of the caller did not confirm the call' },
  approval_unavailable: { status: 503, title: 'Nobody can be asked' },
  budget_exhausted: { status: 403, title: 'The budget does not allow the call' },
  audit_unavailable: { status: 503, title: 'The call could not be recorded' },
  credential_unavailable: { status: 502, title: 'The credential for the upstream is not to be had' },
  upstream_unavailable: { status: 502, title: 'The upstream cannot be reached' },
  upstream_timeout: { status: 504, title: 'The upstream did not answer in time' },
  result_blocked: { status: 403, title: 'The result may not go back' },
} as const;

export type ProblemCode = keyof typeof problems;

export const problemCodes = Object.keys(problems) as ProblemCode[];

/** `application/problem+json` (RFC 9457) with our code beside the standard members. */
export const problemSchema = z
  .looseObject({
    type: z.string().describe('where the code is explained, relative to the gateway'),
    title: z.string(),
    status: z.int(),
    code: z.string().describe('one of a closed list: see /docs/problems'),
    detail: z.string().describe('what is wrong in this case, and what to do'),
    request_id: z.string().describe('the same as in the header X-Request-Id'),
    errors: z
      .array(
        z.strictObject({
          path: z.string(),
          detail: z.string(),
          found: z.string().optional(),
          expected: z.string().optional(),
          file: z.string().optional(),
          line: z.int().optional(),
          column: z.int().optional(),
        }),
      )
      .optional()
      .describe('every place that is wrong, where there are places'),
  })
  .meta({ id: 'Problem', description: 'Why the request was not carried out.' });
