import type { z } from 'zod';
import { approvalViewSchema, undeliveredSchema } from '#contract';
import { createApprovals } from '../app/create-approvals.js';
import { contentPolicyOf, createTrail } from '../app/create-trail.js';
import { localOperator } from '../app/local-operator.js';
import type { ApprovalDesk } from '../approvals/approval-desk.js';
import { createApprovalViewer } from '../approvals/approval-viewer.js';
import { holdJson } from '../control/hold-json.js';
import { undeliveredJson } from '../control/undelivered-routes.js';
import { systemClock } from '../lib/clock.js';
import { writeObject } from '../lib/json/members.js';
import type { ApprovalView } from '../model/approval-view.js';
import { type Hold, type HoldState, holdIdOf } from '../model/hold.js';
import type { Store } from '../store/open-store.js';
import { askGateway, baseOf } from './ask-gateway.js';
import { CliError } from './cli-error.js';
import type { CommonOptions, JsonOption } from './common-options.js';
import type { GatewayOptions } from './gateway-options.js';
import { withLocalStore } from './local-store.js';
import { readGatewayKey } from './read-gateway-key.js';
import { isShownHold, type ShownHold } from './shown-hold.js';
import { visibleText } from './visible-text.js';

export interface ApprovalOptions extends CommonOptions, JsonOption, GatewayOptions {}

export interface CliAnswer {
  readonly verdict: 'approve' | 'deny';
  readonly note?: string | undefined;
  /** JSON text of the arguments that the call is to run with instead. */
  readonly args?: string | undefined;
}

/** Where holds are looked at and answered: the store of this machine, or a gateway. */
export interface ApprovalsAt {
  list(state: HoldState | undefined, limit: number): Promise<readonly ShownHold[]>;
  /** Throws CliError where there is none. */
  show(id: string): Promise<ShownHold>;
  /** What a person is shown of it. */
  view(id: string): Promise<ApprovalView>;
  /** What channels could not be told. */
  undelivered(limit: number): Promise<readonly Undelivered[]>;
  /** Has an approved call made whose caller has gone; resolves with its result. Only a gateway can. */
  replay(id: string): Promise<unknown>;
  /** Answers what was shown, and nothing else; throws CliError with the reason where the answer does not count. */
  answer(hold: ShownHold, answer: CliAnswer): Promise<ShownHold>;
}

const tenant = 'default';

/** A notice that was given up, as `GET /v1/approvals/undelivered` shows it. */
export type Undelivered = z.infer<typeof undeliveredSchema>['undelivered'][number];

/** Opens what the options mean for as long as `use` takes. */
export async function withApprovals<Result>(
  options: ApprovalOptions,
  use: (approvals: ApprovalsAt) => Promise<Result>,
): Promise<Result> {
  if (options.gateway !== undefined)
    return use(atGateway(options.gateway, await readGatewayKey(options.keyFile, 'an approver')));
  return withLocalStore(options, ({ store, config, log }) => {
    const content = () => contentPolicyOf(config);
    const trail = createTrail(store, { clock: systemClock, log, content, redact: (text) => text });
    const desk = createApprovals({
      store,
      trail,
      clock: systemClock,
      log,
      config: () => config,
      layer: () => store.layer.current(),
    });
    return use(atDesk(desk, store));
  });
}

/** Whoever may write the store of a gateway may answer for it; the record says who they are on this machine. */
function atDesk(desk: ApprovalDesk, store: Store): ApprovalsAt {
  const view = createApprovalViewer(store);
  const by = localOperator('cli');
  const shown = (hold: Hold | undefined, id: string): ShownHold => {
    if (hold === undefined || hold.tenant !== tenant) throw noSuchHold(id);
    return holdJson(hold) as ShownHold;
  };
  return {
    list: async (state, limit) => desk.list({ tenant, state, limit }).map((hold) => shown(hold, hold.id)),
    show: async (id) => shown(desk.find(holdIdOf(id)), id),
    async view(id) {
      const hold = desk.find(holdIdOf(id));
      if (hold?.tenant !== tenant) throw noSuchHold(id);
      return view(hold);
    },
    undelivered: async (limit) => store.notices.listFailed(tenant, limit).map(undeliveredJson),
    replay: () => {
      throw new CliError('approvals replay: the call is made by a gateway; name it with --gateway', 2);
    },
    async answer({ id, bind }, { args, ...answer }) {
      if (args !== undefined)
        throw new CliError('--args: a changed call is made by a gateway; name it with --gateway', 2);
      const outcome = await desk.answer(id, { by, channel: 'cli', seen: bind, isFresh: true, ...answer });
      if (outcome.kind === 'refused') throw new CliError(`${id}: ${outcome.message}`);
      return shown(outcome.hold, id);
    },
  };
}

function atGateway(url: string, key: string): ApprovalsAt {
  const base = baseOf(url);
  const hold = async (path: string, post?: string): Promise<ShownHold> => {
    const answer = await askGateway({ base, path: `/v1/approvals/${path}`, key, post });
    if (isShownHold(answer)) return answer;
    throw new CliError(`${base}: found no hold that the key may see whole; it needs the role approver`);
  };
  return {
    async list(state, limit) {
      const query = new URLSearchParams({ limit: String(limit), ...(state === undefined ? {} : { state }) });
      const answer = await askGateway({ base, path: `/v1/approvals?${query.toString()}`, key });
      const { approvals } = answer as { approvals?: unknown };
      if (Array.isArray(approvals) && approvals.every(isShownHold)) return approvals;
      throw new CliError(`${base}: found no list of holds; the key needs the role approver or auditor`);
    },
    show: (id) => hold(encodeURIComponent(holdIdOf(id))),
    async view(id) {
      const path = `/v1/approvals/${encodeURIComponent(id)}/view`;
      return approvalViewSchema.parse(await askGateway({ base, path, key })) as ApprovalView;
    },
    async undelivered(limit) {
      const path = `/v1/approvals/undelivered?limit=${limit}`;
      return undeliveredSchema.parse(await askGateway({ base, path, key })).undelivered;
    },
    replay: (id) =>
      askGateway({ base, path: `/v1/approvals/${encodeURIComponent(id)}/replay`, key, post: '{}' }),
    answer: ({ id, bind }, { verdict, note, args }) =>
      hold(
        `${encodeURIComponent(id)}/${verdict}`,
        writeObject([
          ['bind', JSON.stringify(bind)],
          ...(note === undefined ? [] : [['note', JSON.stringify(note)] as const]),
          ...(args === undefined ? [] : [['arguments', args] as const]),
        ]),
      ),
  };
}

function noSuchHold(id: string): CliError {
  return new CliError(
    `${visibleText(id)}: there is no such hold; "sallyport approvals list --state all" shows all`,
  );
}
