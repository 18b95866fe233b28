import type { NamedTarget } from '../model/history.js';
import type { TargetKind } from '../model/target.js';
import { everyNameOf } from '../model/tool-names.js';
import type { PatternSet } from './name-pattern.js';
import { type Outline, outlineOfTemplate } from './outline.js';
import { type UriForms, uriForms } from './uri-forms.js';

/** How surely names in a rule mean a target: `partly` for a template of which they mean some resources. */
export type Fit = 'wholly' | 'partly' | 'no';

/** The names by which every rule can mean a tool or prompt: `fs__read_file` and `fs:read_file`. */
export function exactNames(target: NamedTarget): readonly string[] {
  return [target.exposedName, `${target.upstream}:${target.name}`];
}

/**
 * The names by which a rule that restricts can mean a target. The upstream's own name is among them: otherwise another
 * upstream could lift a ban by offering a tool of the same name, which gives both a prefix.
 */
export function looseNames(target: NamedTarget): readonly string[] {
  return hasUri(target.kind) ? [target.exposedName, target.name] : everyNameOf(target);
}

/** The names of one target, made ready for many rules. */
export interface TargetNames {
  readonly exact: readonly string[];
  readonly loose: readonly string[];
  /** For resources. */
  readonly uri?: UriForms;
  /** For templates: everything they can stand for. */
  readonly outline?: Outline;
}

export function targetNamesOf(target: NamedTarget): TargetNames {
  if (!hasUri(target.kind)) return { exact: exactNames(target), loose: looseNames(target) };
  if (target.kind === 'template')
    return { exact: [], loose: [], outline: outlineOfTemplate(target.exposedName) };
  const uri = uriForms(looseNames(target));
  return { exact: [target.exposedName], loose: uri.forms, uri };
}

/**
 * Whether a set of names means a target. For rules that restrict, in any way a program might read its URI, and surely
 * where nobody can say; for rules that allow, with wildcards, only where there is one way to read it.
 */
export function fitOf(names: PatternSet, target: TargetNames, restricts: boolean): Fit {
  const { outline, uri } = target;
  if (outline !== undefined) {
    if (names.patterns.some((pattern) => pattern.covers(outline))) return 'wholly';
    return names.patterns.some((pattern) => pattern.overlaps(outline)) ? 'partly' : 'no';
  }
  if (restricts)
    return uri?.unreadable === true || target.loose.some((name) => names.has(name)) ? 'wholly' : 'no';
  const wild = uri?.plain !== false;
  const means = (name: string) =>
    wild ? names.has(name) : names.patterns.some(({ literal }) => literal === name);
  return target.exact.some(means) ? 'wholly' : 'no';
}

function hasUri(kind: TargetKind): boolean {
  return kind === 'resource' || kind === 'template';
}
