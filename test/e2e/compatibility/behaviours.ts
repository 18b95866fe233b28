import { existsSync, readFileSync } from 'node:fs';
import { until } from '../gateway-process.js';
import {
  type ClientKind,
  type CompatibilityClient,
  canBeElicited,
  type Progress,
  type ToolResult,
} from './clients.js';

/** What one cell of the matrix is tried with. */
export interface Cell {
  readonly kind: ClientKind;
  readonly client: CompatibilityClient;
  /** The id of the upstream, which is the prefix of its tools. */
  readonly server: string;
  /** The file in which servers note what was cancelled. */
  readonly notes: string;
}

/** Something that must work in every cell. Gives what is wrong, or nothing. */
export interface Behaviour {
  readonly name: string;
  readonly applies?: (kind: ClientKind) => boolean;
  readonly try: (cell: Cell) => Promise<string | undefined>;
}

const largeBytes = 5 * 1024 * 1024;
const strange = 'Grüße, 世界 👋 \u0000 \u2028';

export const behaviours: readonly Behaviour[] = [
  { name: 'list', try: list },
  { name: 'call', try: call },
  { name: 'progress', try: progress },
  { name: 'cancel', try: cancel },
  { name: 'elicitation', applies: ({ revision }) => canBeElicited(revision), try: elicitation },
  { name: 'sampling', try: sampling },
  { name: 'large result', try: large },
];

/** Runs all behaviours in one cell; gives what is wrong by behaviour. */
export async function faultsOf(cell: Cell): Promise<Record<string, string>> {
  const faults: Record<string, string> = {};
  for (const behaviour of behaviours) {
    const applies = behaviour.applies?.(cell.kind) ?? true;
    const attempt = applies ? behaviour.try(cell) : refusedQuestion(cell);
    const fault = await attempt.catch((cause: unknown) => String(cause));
    if (fault !== undefined) faults[behaviour.name] = fault;
  }
  return faults;
}

async function list({ client, server }: Cell): Promise<string | undefined> {
  const names = await client.toolNames();
  const wanted = ['echo', 'count', 'wait', 'ask', 'sample', 'consult', 'large'].map(
    (name) => `${server}__${name}`,
  );
  const found = names.filter((name) => name.startsWith(`${server}__`));
  return different(found.toSorted(), wanted.toSorted());
}

async function call({ client, server }: Cell): Promise<string | undefined> {
  const result = await client.call(`${server}__echo`, { text: strange });
  return different(textOf(result), strange);
}

async function progress({ client, server }: Cell): Promise<string | undefined> {
  const heard: Progress[] = [];
  const onprogress = (one: Progress) => heard.push(one);
  const result = await client.call(`${server}__count`, { to: 3 }, { onprogress });
  const seen = heard.map(({ progress, total, message }) => `${progress}/${total} ${message}`);
  return different([textOf(result), ...seen], ['counted to 3', '1/3 1 of 3', '2/3 2 of 3', '3/3 3 of 3']);
}

/** The server must hear of it; the client's library rejects the call by itself. */
async function cancel({ client, server, notes, kind }: Cell): Promise<string | undefined> {
  const id = `${server} ${kind.transport} ${kind.revision}`;
  const cancelling = new AbortController();
  const options = { signal: cancelling.signal, onprogress: () => cancelling.abort('enough') };
  const ended = await client.call(`${server}__wait`, { id }, options).then(textOf, () => undefined);
  if (ended !== undefined) return `the call went on: ${ended}`;
  await until(`the server to note the end of ${id}`, () => lines(notes).includes(`cancelled ${id}`), 5000);
  return undefined;
}

async function elicitation({ client, server }: Cell): Promise<string | undefined> {
  const question = `Is ${server} well?`;
  const text = textOf(await client.call(`${server}__ask`, { question }));
  return text.includes(`yes to ${question}`) ? undefined : `the tool heard ${text}`;
}

/** A client of a revision without elicitation: the call must end, and not with an answer. */
async function refusedQuestion({ client, server }: Cell): Promise<string | undefined> {
  const result = await client
    .call(`${server}__ask`, { question: 'Is anybody there?' })
    .catch((cause: { code?: unknown }) => cause);
  if ('content' in result) return result.isError === true ? undefined : `answered with ${textOf(result)}`;
  const code = Number(result.code);
  return [-32020, -32021, -32022].includes(code) ? `the error of another hop: ${code}` : undefined;
}

async function sampling({ client, server }: Cell): Promise<string | undefined> {
  const prompt = `Say something about ${server}.`;
  const text = textOf(await client.call(`${server}__sample`, { prompt }));
  return text.includes(`model on ${prompt}`) ? undefined : `the tool heard ${text}`;
}

async function large({ client, server }: Cell): Promise<string | undefined> {
  const text = textOf(await client.call(`${server}__large`, { bytes: largeBytes }));
  return text === '0123456789abcdef'.repeat(largeBytes / 16) ? undefined : `${text.length} characters came`;
}

function textOf(result: ToolResult): string {
  return result.content[0]?.text ?? JSON.stringify(result);
}

function lines(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
}

function different(found: unknown, wanted: unknown): string | undefined {
  const texts = [JSON.stringify(found), JSON.stringify(wanted)];
  return texts[0] === texts[1] ? undefined : `${texts[0]} instead of ${texts[1]}`;
}
