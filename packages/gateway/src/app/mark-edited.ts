import { elementsOf, membersOf, writeObject } from '../lib/json/members.js';
import { parseJson } from '../lib/json/parse-json.js';
import type { JsonObjectText } from '../model/json.js';
import type { Outcome } from '../model/outcome.js';
import { Refusal } from '../model/refusal.js';

export interface EditMark {
  readonly hold: string;
  /** The arguments that counted, as JSON text without known secrets. */
  readonly args: string;
}

const longestShown = 2000;

/** Tells whoever gets the outcome that it is that of another call than they asked for. */
export function markEdited(outcome: Outcome, mark: EditMark): Outcome {
  const sentence = sentenceOf(mark);
  if (outcome.kind === 'completed') return { ...outcome, result: marked(outcome.result, mark, sentence) };
  if (outcome.kind !== 'refused') return outcome;
  const { code, message, mayHaveRun } = outcome.refusal;
  return { ...outcome, refusal: new Refusal(code, `${sentence} ${message}`, { mayHaveRun }) };
}

function sentenceOf({ args }: EditMark): string {
  const shown = args.length > longestShown ? `${args.slice(0, longestShown)}…` : args;
  return `A person changed the arguments of this call before approving it. What counted: ${shown}`;
}

/** First in the content, for models, and in `_meta`, for programs; everything else keeps its bytes. */
function marked({ text, value }: JsonObjectText, { hold }: EditMark, sentence: string): JsonObjectText {
  const members = new Map(membersOf(text));
  const meta = new Map(membersOf(isObject(value._meta) ? (members.get('_meta') ?? '{}') : '{}'));
  meta.set('io.github.sallyport/edited', JSON.stringify({ hold }));
  members.set('_meta', writeObject(meta));
  if (Array.isArray(value.content)) {
    const content = elementsOf(members.get('content') ?? '[]');
    members.set('content', `[${[JSON.stringify({ type: 'text', text: sentence }), ...content].join(',')}]`);
  }
  return parseJson(writeObject(members)) as JsonObjectText;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
