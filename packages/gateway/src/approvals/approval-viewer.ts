import { isoTime } from '../lib/clock.js';
import { shownText } from '../lib/shown-text.js';
import type {
  ApprovalView,
  CallerHistory,
  FactName,
  ViewArgument,
  ViewClaim,
  ViewFact,
} from '../model/approval-view.js';
import { askMethod, type Hold } from '../model/hold.js';
import type { HoldTable } from '../store/hold-table.js';
import type { RecordTable } from '../store/record-table.js';
import { argumentRows } from './argument-rows.js';

export interface ViewSources {
  readonly holds: Pick<HoldTable, 'findApprovedBefore' | 'tally'>;
  readonly records: Pick<RecordTable, 'latestOf'>;
}

/** Makes what a person is shown of a hold, on whatever surface. */
export type ViewApproval = (hold: Hold) => Promise<ApprovalView>;

const shownCalls = 5;

export function createApprovalViewer({ holds, records }: ViewSources): ViewApproval {
  return async (hold) => {
    const previous = holds.findApprovedBefore(hold);
    const latest = await records.latestOf({ caller: hold.caller, tenant: hold.tenant, limit: shownCalls });
    const history: CallerHistory = {
      ...holds.tally(hold.tenant, hold.caller),
      calls: latest.map(({ at, target, effect }) => ({ at, target: shownText(target), effect })),
    };
    return viewOf(hold, { previous, history });
  };
}

interface Surroundings {
  readonly previous: Hold | undefined;
  readonly history: CallerHistory;
}

function viewOf(hold: Hold, { previous, history }: Surroundings): ApprovalView {
  const { id, bind, state, createdAt, until, decidedAt, votes } = hold;
  const rows = argumentRows(hold, previous);
  return {
    id,
    bind,
    state,
    createdAt: isoTime(createdAt),
    expiresAt: isoTime(until),
    decidedAt: decidedAt === undefined ? undefined : isoTime(decidedAt),
    facts: factsOf(hold),
    arguments: rows,
    comparedWith:
      previous === undefined
        ? undefined
        : { id: previous.id, at: isoTime(previous.decidedAt ?? previous.createdAt) },
    claims: claimsShown(hold),
    history,
    needs: needsOf(hold, rows),
    votes: votes.map(({ by, verdict, channel, at, note }) => ({
      by: shownText(by),
      verdict,
      channel,
      at: isoTime(at),
      note: note === undefined ? undefined : shownText(note),
    })),
  };
}

function needsOf({ terms, votes }: Hold, rows: readonly ViewArgument[]): ApprovalView['needs'] {
  const long = rows.flatMap(({ value }) => (value?.isLong === true ? [value.sha256] : []));
  return {
    quorum: terms.quorum,
    given: votes.filter(({ verdict }) => verdict === 'approve').length,
    noteRequired: terms.noteRequired,
    stepUp: terms.stepUp === true,
    approvers: terms.approvers,
    open: [...new Set(long)],
  };
}

/** What the gateway knows, the most telling first. */
function factsOf(hold: Hold): ViewFact[] {
  const facts: readonly (readonly [FactName, string, string | undefined])[] = [
    ['caller', 'Caller', hold.caller],
    ['target', nouns[hold.method] ?? 'Call', hold.target],
    ['upstream', 'Upstream', hold.upstream],
    ['rule', 'Rule', hold.rule],
    ['reason', 'Reason', hold.reason],
    ['cost', 'Cost', hold.cost],
    ['address', 'Address', hold.address],
    ['uses', 'Uses the secret', hold.credentialName],
    ['credential', 'Called with', hold.credential],
    ['owner', 'Owner', hold.owner],
    ['method', 'Method', hold.method],
    ['confirmed', 'Confirmed', hold.confirmed === true ? byUser : undefined],
    ['said', 'The caller says, not verified', wordsOf(hold)],
  ];
  return facts.flatMap(([name, label, text]) =>
    text === undefined || text === '' ? [] : [{ name, label, text: shownText(text) }],
  );
}

/** Forms are filled in by agents, too. */
const byUser = 'by the user at the client, or by the client in their place; this approves nothing';

const nouns: Readonly<Record<string, string>> = {
  'tools/call': 'Tool',
  'prompts/get': 'Prompt',
  'resources/read': 'Resource',
  [askMethod]: 'Asks beforehand about',
};

/** Of what is only asked about they are among the arguments. */
function wordsOf({ method, asked }: Hold): string | undefined {
  if (asked === undefined || method === askMethod) return undefined;
  const { action, amount, reason } = asked;
  return [action, amount === '0' ? '' : `${amount} USD`, reason].filter((word) => word !== '').join(' · ');
}

function claimsShown({ claims }: Hold): ViewClaim[] {
  const texts = [
    ['Title', claims?.title],
    ['Description', claims?.description],
  ] as const;
  return texts.flatMap(([label, text]) => (text === undefined ? [] : [{ label, text: shownText(text) }]));
}
