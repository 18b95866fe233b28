import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const object = (properties) => ({ type: 'object', properties, required: Object.keys(properties) });
const string = { type: 'string' };

/** What every server of the matrix offers, whatever it speaks. */
export const definitions = [
  { name: 'echo', description: 'Gives back what it gets.', inputSchema: object({ text: string }) },
  {
    name: 'count',
    description: 'Counts, and tells how far it is.',
    inputSchema: object({ to: { type: 'integer' } }),
  },
  { name: 'wait', description: 'Waits until it is cancelled.', inputSchema: object({ id: string }) },
  { name: 'ask', description: 'Asks the user.', inputSchema: object({ question: string }) },
  { name: 'sample', description: 'Asks the model.', inputSchema: object({ prompt: string }) },
  {
    name: 'consult',
    description: 'Asks the user, then the model.',
    inputSchema: object({ question: string }),
  },
  { name: 'large', description: 'Gives much.', inputSchema: object({ bytes: { type: 'integer' } }) },
];

const answerSchema = object({ answer: string });

/** The mode, the port and the file for notes that a server of the matrix is started with. */
export function startedWith() {
  const [mode = '', port = '0', notes = ''] = process.argv.slice(2);
  return { mode, port: Number(port), notes };
}

/** What the tools do that ask nobody. `notify` is there when the caller wants progress. */
export async function run(name, args, { signal, notify, notes }) {
  if (name === 'echo') return { content: [said(args.text)], structuredContent: { text: args.text } };
  if (name === 'count') return count(args.to, notify);
  if (name === 'wait') return wait(args.id, { signal, notify, notes });
  if (name === 'large') return { content: [said('0123456789abcdef'.repeat(args.bytes / 16))] };
  throw new Error(`no tool ${name}`);
}

async function count(to, notify) {
  for (let done = 1; done <= to; done += 1) {
    await notify?.({ progress: done, total: to, message: `${done} of ${to}` });
  }
  // The SDKs drop what they hear of a call in the same breath as its result.
  await sleep(100);
  return { content: [said(`counted to ${to}`)] };
}

/** Says that it has begun, and notes when it is cancelled. */
async function wait(id, { signal, notify, notes }) {
  await notify?.({ progress: 1, total: 2 });
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  appendFileSync(notes, `cancelled ${id}\n`);
  return { content: [said('cancelled')] };
}

export function said(text) {
  return { type: 'text', text };
}

/** What a model was asked, and what a person was. */
export function samplingParams(prompt) {
  return { messages: [{ role: 'user', content: said(prompt) }], maxTokens: 10 };
}

export function elicitationParams(question) {
  return { message: question, requestedSchema: answerSchema };
}
