import type { JsonValue } from '../model/json.js';
import type { Prompt, Target } from '../model/target.js';
import { type ObjectShape, openObject, type Shape, shapeOfArguments } from './shape.js';

/** What `args` of a condition holds for a target asked for with a method: see callMethods and questionMethods. */
export function shapeOfArgs(target: Target, method: string): ObjectShape {
  switch (method) {
    case 'tools/call':
      return target.kind === 'tool' ? shapeOfArguments(target.inputSchema) : openObject;
    case 'prompts/get':
      return target.kind === 'prompt' ? shapeOfPrompt(target) : openObject;
    case 'resources/read':
    case 'resources/subscribe':
      return nothing;
    case 'completion/complete':
      return completion;
    default:
      return openObject;
  }
}

const text: Shape = { kind: 'string' };
const texts: ObjectShape = { kind: 'object', fields: new Map(), rest: text };
/** The URI is the target; there are no arguments. */
const nothing: ObjectShape = { kind: 'object', fields: new Map() };
const completion: ObjectShape = {
  kind: 'object',
  fields: new Map([
    [
      'argument',
      {
        kind: 'object',
        fields: new Map([
          ['name', text],
          ['value', text],
        ]),
      },
    ],
    ['context', { kind: 'object', fields: new Map([['arguments', texts]]) }],
  ]),
};

/** Arguments of prompts are texts; a prompt that names none takes any. */
function shapeOfPrompt({ definition }: Prompt): ObjectShape {
  const named: JsonValue | undefined = definition.value.arguments;
  if (!Array.isArray(named) || named.length === 0) return texts;
  const names = named.flatMap((argument) =>
    typeof argument === 'object' &&
    argument !== null &&
    'name' in argument &&
    typeof argument.name === 'string'
      ? [argument.name]
      : [],
  );
  return { kind: 'object', fields: new Map(names.map((name) => [name, text])) };
}
