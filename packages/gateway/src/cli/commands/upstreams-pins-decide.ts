import { inertJson } from '../../lib/inert-text.js';
import type { DecidedPin } from '../../upstreams/pins/pin-desk.js';
import { isOpen, type PinOptions, readChoice } from '../choose-pins.js';
import { CliError } from '../cli-error.js';
import type { CommonOptions, JsonOption } from '../common-options.js';
import { pinJson, shortDigest } from '../format-pin.js';
import { pinDiffJson, pinDiffLines, type ReviewedPin } from '../format-pin-diff.js';
import type { GatewayOptions } from '../gateway-options.js';
import { withPins } from '../pins-at.js';
import { print, say } from '../terminal.js';
import { visibleText } from '../visible-text.js';

interface DecideOptions extends CommonOptions, JsonOption, PinOptions, GatewayOptions {
  readonly digest?: string;
  readonly all?: boolean;
}

/**
 * `upstreams pins accept`: one definition by its digest, or all that wait. Nobody is asked: the digest says that what is
 * accepted was looked at, and it is shown again.
 */
export function acceptPins(options: DecideOptions, names: readonly string[]): Promise<number> {
  checkUsage('accept', options, names);
  if (options.all !== true && options.digest === undefined) {
    const expected = 'the digest that "sallyport upstreams pins diff" shows, or --all for all that wait';
    throw new CliError(`--digest: found none; expected ${expected}`, 2);
  }
  return withPins(options, readChoice(names, options), async ({ chosen, desk }) => {
    const meant = choose(chosen, options);
    const waiting = meant.filter(({ pin }) => pin.accepted?.digest !== pin.offered);
    await desk.accept(waiting.map(offered));
    report(options, { word: 'accepted', done: waiting, none: 'Nothing waits to be accepted.' });
    if (waiting.length > 0) say('Gateways that run let them be used within a second.');
    return 0;
  });
}

/** `upstreams pins reject`: a definition that waits, or one that was accepted, may not be used. */
export function rejectPins(options: DecideOptions, names: readonly string[]): Promise<number> {
  checkUsage('reject', options, names);
  return withPins(options, readChoice(names, options), async ({ chosen, desk }) => {
    const meant = choose(chosen, options).filter(({ pin }) => pin.rejected?.digest !== pin.offered);
    await desk.reject(meant.map(offered));
    report(options, { word: 'rejected', done: meant, none: 'Nothing is left to reject.' });
    return 0;
  });
}

/** `upstreams pins forget`: as if it had never been seen. */
export function forgetPins(options: DecideOptions, names: readonly string[]): Promise<number> {
  checkUsage('forget', options, names);
  return withPins(options, readChoice(names, options), async ({ chosen, desk }) => {
    await desk.forget(chosen.map(offered));
    if (options.json === true) print(inertJson({ forgotten: chosen.map(({ pin }) => pinJson(pin)) }));
    else for (const { pin } of chosen) print(`forgotten: ${nameOf(pin)}`);
    if (chosen.length > 0) say('What these upstreams offer next is seen for the first time.');
    else say('There is no such pin.');
    return 0;
  });
}

/** Names one tool, or says that all are meant: never both, never neither. */
function checkUsage(command: string, options: DecideOptions, [upstream, name]: readonly string[]): void {
  const isOne = upstream !== undefined && name !== undefined;
  if (options.all === true ? !isOne && options.digest === undefined : isOne) return;
  const expected = `"${command} UPSTREAM TOOL" for one, or "${command} [UPSTREAM] --all"`;
  throw new CliError(`upstreams pins ${command}: expected ${expected}`, 2);
}

function choose(chosen: readonly ReviewedPin[], { digest, all }: DecideOptions): readonly ReviewedPin[] {
  if (all === true) return chosen.filter(({ pin }) => isOpen(pin));
  if (digest === undefined) return chosen;
  const wanted = digest.replace(/^sha256:/, '');
  // Whoever writes both definitions finds two that agree in fewer without much work.
  if (!/^[\w-]{22,43}$/.test(wanted)) {
    throw new CliError(
      `--digest: found ${JSON.stringify(digest)}; expected "sha256:" and at least the first 22 characters`,
      2,
    );
  }
  const meant = chosen.filter(({ definitions }) => definitions.offered.digest.startsWith(`sha256:${wanted}`));
  if (meant.length > 0) return meant;
  const found = chosen.map(({ definitions }) => shortDigest(definitions.offered.digest)).join(' and ');
  throw new CliError(
    `--digest: found ${JSON.stringify(digest)}, but what is offered now is ${found}; look at that first: sallyport upstreams pins diff`,
  );
}

function offered({ pin, definitions }: ReviewedPin): DecidedPin {
  return { pin, definition: definitions.offered };
}

interface Report {
  readonly word: 'accepted' | 'rejected';
  readonly done: readonly ReviewedPin[];
  /** Said where nothing was done. */
  readonly none: string;
}

function report({ json }: DecideOptions, { word, done, none }: Report): void {
  if (json === true) {
    print(inertJson({ [word]: done.map(pinDiffJson) }));
    return;
  }
  for (const reviewed of done) for (const line of pinDiffLines(reviewed)) print(line);
  if (done.length === 0) say(none);
  for (const { pin } of done) say(`${word}: ${nameOf(pin)}`);
}

function nameOf({ upstream, name }: { readonly upstream: string; readonly name: string }): string {
  return visibleText(`${upstream}:${name}`);
}
