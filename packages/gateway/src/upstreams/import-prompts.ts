import type { Prompt } from '../model/target.js';
import { definitionDigest, type Imported, importDefinitions, type RawList } from './import-definitions.js';
import { commonShape, listOf, objectOf, refuseWrongTypes, type Shape, text, truth } from './import-shapes.js';
import { withoutTwins } from './name-twins.js';

/** A prompt that passed import, before it has a name to be asked for by. */
export type ImportedPrompt = Omit<Prompt, 'exposedName' | 'upstream'>;

const longestName = 128;

/** Prompts have names as people write them; what cannot be seen or told apart is refused. */
export function importPrompts(list: RawList): Imported<ImportedPrompt> {
  return withoutTwins(
    importDefinitions(list, {
      what: 'prompt',
      naming: 'name',
      read(definition) {
        const { name } = definition.value;
        if (typeof name !== 'string' || !isPlain(name)) {
          throw new Error(
            `the name is not 1 to ${longestName} visible characters in composed form without space around`,
          );
        }
        refuseWrongTypes(definition.value, promptShape);
        return {
          kind: 'prompt',
          name,
          definition,
          digest: definitionDigest('prompt', definition.value),
        };
      },
    }),
    'prompt',
  );
}

const promptShape: Shape = {
  ...commonShape,
  arguments: listOf(objectOf({ name: text, description: text, required: truth }, 'name')),
};

function isPlain(name: string): boolean {
  return (
    name.length >= 1 &&
    name.length <= longestName &&
    !/[\p{C}\p{Zl}\p{Zp}]|^\s|\s$|[^\S ]/u.test(name) &&
    name.normalize('NFC') === name
  );
}
