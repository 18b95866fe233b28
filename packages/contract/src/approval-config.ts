import { z } from 'zod';
import { channelsSchema } from './channel-config.js';
import { secretReferenceSchema } from './secret-reference.js';

const text = z.string().min(1);

const mode = z
  .enum(['wait', 'hold', 'wait-then-hold'])
  .describe(
    'wait: the call waits, and what nobody answered in time is refused; hold: it is to be made again; wait-then-hold: first one, then the other',
  );
const onApprove = z
  .enum(['release', 'execute'])
  .describe('release: the waiting or repeated call runs; execute: the gateway runs it at once');
const waitSeconds = z.number().positive().max(3_600).describe('longest wait of the caller');
const expiresSeconds = z.number().positive().max(2_678_400).describe('how long a person may take');
const approvers = z.array(text).min(1).describe('roles or groups of which the person has one');
const quorum = z.int().min(1).max(10).describe('how many people must say yes');
const noteRequired = z.boolean().describe('whether the person must say why');
const stepUp = z
  .boolean()
  .describe('whether the person must present their credential with the answer itself');

/** How a rule wants a person to be asked. */
export const approvalSchema = z
  .strictObject({
    mode: mode.optional(),
    onApprove: onApprove.optional(),
    waitSeconds: waitSeconds.optional(),
    expiresSeconds: expiresSeconds.optional(),
    approvers: approvers.optional(),
    quorum: quorum.optional(),
    noteRequired: noteRequired.optional(),
    stepUp: stepUp.optional(),
  })
  .describe('how a person is asked');

/** How people are asked where no rule says otherwise. */
export const approvalsSchema = z
  .strictObject({
    mode: mode.default('wait-then-hold'),
    onApprove: onApprove.default('release'),
    waitSeconds: waitSeconds.default(50),
    expiresSeconds: expiresSeconds.default(3_600),
    usableSeconds: z
      .number()
      .positive()
      .max(86_400)
      .default(300)
      .describe('how long an approval may be used after it was given'),
    approvers: approvers.optional(),
    quorum: quorum.default(1),
    noteRequired: noteRequired.default(false),
    stepUp: stepUp.default(false),
    perCaller: z.int().min(1).max(10_000).default(20).describe('holds of one caller that may be open'),
    perTenant: z.int().min(1).max(100_000).default(200).describe('holds that may be open altogether'),
    patienceSeconds: z
      .record(text, z.number().positive().max(3_600))
      .default({})
      .describe('how long clients wait for a reply, by the name that they give themselves'),
    keepDays: z
      .int()
      .min(1)
      .max(366)
      .default(30)
      .describe('how long a hold that is over can be looked at; the trail has it for ever'),
    keepResultHours: z
      .number()
      .positive()
      .max(720)
      .default(24)
      .describe('how long the result of a call that the gateway made is kept for its caller'),
    tool: z
      .boolean()
      .default(false)
      .describe(
        'true: callers whom the rules allow it may ask for their held calls, with sallyport.check_approval',
      ),
    heldIsError: z
      .boolean()
      .default(false)
      .describe('whether a result that only says that a call is held is marked as an error'),
    adminToken: secretReferenceSchema
      .optional()
      .describe('reference to the bearer token of /admin/holds; without one nobody may use that'),
    publicUrl: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('how people and services reach the listener for operators, for links and callbacks'),
    openPage: z
      .boolean()
      .default(true)
      .describe('whether clients that can open pages are asked to open the page of a hold; needs publicUrl'),
    channels: channelsSchema,
  })
  .describe('how people are asked, where a rule does not say otherwise');
