import type { ConfigInput } from '#contract';
import { nativeText } from '../../app/dialects/native-text.js';
import type { Note } from '../../app/dialects/translation.js';
import { inertJson } from '../../lib/inert-text.js';
import { type LayerOptions, withLayerAt } from '../layer-at.js';
import type { ShownVersion } from '../shown-version.js';
import { print, say } from '../terminal.js';

type Rules = NonNullable<NonNullable<ConfigInput['policy']>['rules']>;

/** `config export`: what was made beside the file, in the form of a file; each policy with its name as a comment. */
export function exportLayer(options: LayerOptions): Promise<number> {
  return withLayerAt(options, async (layer) => {
    const [policies, upstreams] = [await layer.list('policy'), await layer.list('upstream')];
    const rules = policies.flatMap(({ content = {} }) => content.rules as unknown as Rules);
    const config: ConfigInput = {
      upstreams: Object.fromEntries(upstreams.map(({ name, content }) => [name, content as never])),
      policy: { rules },
    };
    if (options.json === true) print(inertJson(config));
    else print(nativeText({ config, notes: notesOf(policies) }).trimEnd());
    if (policies.length + upstreams.length === 0) say('Nothing was made beside the file.');
    return 0;
  });
}

/** A comment goes above the first rule of each policy. */
function notesOf(policies: readonly ShownVersion[]): Note[] {
  let index = 0;
  return policies.flatMap(({ name, version, by, content = {} }): Note[] => {
    const at = ['policy', 'rules', index];
    const { length } = content.rules as readonly unknown[];
    index += length;
    const { description } = content;
    const said = typeof description === 'string' ? `: ${description}` : '';
    return length === 0
      ? []
      : [{ at, message: `${name}, version ${version} by ${by}${said}`, kind: 'remark' }];
  });
}
