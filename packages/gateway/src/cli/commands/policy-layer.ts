import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { ConfigError } from '../../app/config/config-error.js';
import { inertJson } from '../../lib/inert-text.js';
import { LayerFault } from '../../model/layer-fault.js';
import { CliError } from '../cli-error.js';
import { localTime } from '../format-record.js';
import { editIn, type LayerOptions, withLayerAt } from '../layer-at.js';
import { parseCount } from '../parse-count.js';
import { readPolicyFile } from '../policy-file.js';
import { printTable } from '../print-table.js';
import type { ShownVersion } from '../shown-version.js';
import { print, say } from '../terminal.js';
import { visibleText } from '../visible-text.js';

interface PushOptions extends LayerOptions {
  readonly name?: string;
}

interface PullOptions extends LayerOptions {
  readonly out?: string;
}

const kind = 'policy';

/** `policy push FILE`: puts a policy in force beside that of the file. */
export async function push(options: PushOptions, [path = '']: readonly string[]): Promise<number> {
  const file = await readPolicyFile(path);
  const { name = file.name } = options;
  return withLayerAt({ ...options, mayCreate: true }, async (layer) => {
    try {
      report(await layer.put({ kind, name }, file.content, editIn(options)), options);
      return 0;
    } catch (cause) {
      if (!(cause instanceof LayerFault) || cause.problems.length === 0) throw cause;
      throw new ConfigError(
        cause.problems.map((problem) => file.place(problem)),
        cause,
      );
    }
  });
}

/** `policy pull NAME`: the policy as a file that can be pushed; without a name, which there are. */
export function pull(options: PullOptions, [name]: readonly string[]): Promise<number> {
  return withLayerAt(options, async (layer) => {
    const all = await layer.list(kind);
    if (name === undefined) {
      listed(all, options);
      return 0;
    }
    const found = all.find((one) => one.name === name);
    if (found === undefined)
      throw new CliError(`${name}: there is no such policy; "sallyport policy pull" lists what there is`);
    const text = options.json === true ? inertJson(found) : stringify(pushable(found)).trimEnd();
    if (options.out === undefined) print(text);
    else await writeFile(options.out, `${text}\n`);
    return 0;
  });
}

/** `policy history NAME`: every version, newest first. */
export function history(options: LayerOptions, [name = '']: readonly string[]): Promise<number> {
  return withLayerAt(options, async (layer) => {
    listed(await layer.history({ kind, name }), options);
    return 0;
  });
}

/** `policy rollback NAME VERSION`. */
export function rollback(
  options: LayerOptions,
  [name = '', version = '']: readonly string[],
): Promise<number> {
  const wanted = parseCount('policy rollback', version, [1, 999_999_999]);
  return withLayerAt(options, async (layer) => {
    report(await layer.rollBack({ kind, name }, wanted, editIn(options)), options);
    return 0;
  });
}

/** `policy remove NAME`: its versions stay. */
export function remove(options: LayerOptions, [name = '']: readonly string[]): Promise<number> {
  return withLayerAt(options, async (layer) => {
    await layer.remove({ kind, name }, editIn(options));
    say(`policy ${visibleText(name)} has ended; its versions stay`);
    return 0;
  });
}

/** What it stands for goes with a policy of Haldir, and is made of that again. */
function pushable({ content = {} }: ShownVersion): object {
  const { description, rules, haldir } = content;
  return {
    ...(description !== undefined && { description }),
    ...(haldir === undefined ? { rules } : { haldir }),
  };
}

function report(made: ShownVersion, { json, gateway }: LayerOptions): void {
  if (json === true) print(inertJson(made));
  else print(`policy ${visibleText(made.name)}: version ${made.version}, ${made.revision}`);
  if (gateway === undefined) say('Gateways that run on this store follow within a second.');
}

function listed(versions: readonly ShownVersion[], { json }: LayerOptions): void {
  if (json === true) {
    print(inertJson({ versions }));
    return;
  }
  const rows = versions.map(({ name, version, at, by, note = '', revision, content }) => [
    visibleText(name),
    String(version),
    content === undefined ? 'removed' : `${(content.rules as unknown[] | undefined)?.length ?? 0} rules`,
    localTime(Date.parse(at)).slice(0, 16),
    visibleText(by),
    visibleText(note),
    revision,
  ]);
  printTable(['NAME', 'VERSION', 'HOLDS', 'AT', 'BY', 'NOTE', 'REVISION'], rows, 'There are none.');
}
