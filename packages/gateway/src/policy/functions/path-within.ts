import { ReadingFault, readingsOf } from '../readings.js';
import { remembered } from './remembered.js';

const longestPath = 4_096;

export class PathFault extends Error {}

interface Folder {
  readonly style: 'posix' | 'windows' | 'relative';
  readonly segments: readonly string[];
}

/** Throws PathFault for a folder that is not written plainly. */
export const parseFolder = remembered(createFolder);

function createFolder(text: string): Folder {
  const plainly =
    /^[^\p{Cc}\p{Cf}%]+$/u.test(text) && text.normalize('NFKC') === text && !text.startsWith('~');
  const style = styleOf(text);
  if (!plainly || style === undefined)
    throw new PathFault('is no folder written plainly, such as "/srv/data"');
  const segments = split(style === 'windows' ? text.slice(2) : text, style);
  if (segments.includes('..')) throw new PathFault('has ".."; write the folder it stands for');
  return { style, segments: style === 'windows' ? [drive(text), ...segments] : segments };
}

/**
 * Whether a path is a folder or lies inside it, after taking out `.`, `..` and repeated slashes. Throws PathFault where
 * two programs could disagree: about encodings, look-alikes, backslashes, letter case, network paths, or a base that is
 * not known. Links on the disk are not followed, so this is no substitute for the server's own walls.
 */
export function isWithin(path: string, folder: Folder): boolean {
  if (path.length > longestPath) throw new PathFault('is longer than paths are');
  const [first = '', ...others] = readings(path);
  const answer = isInside(first, folder);
  if (others.some((reading) => isInside(reading, folder) !== answer))
    throw new PathFault('can be read in more than one way');
  return answer;
}

function readings(path: string): readonly string[] {
  try {
    return readingsOf(path);
  } catch (fault) {
    throw fault instanceof ReadingFault ? new PathFault(fault.message) : fault;
  }
}

function isInside(path: string, folder: Folder): boolean {
  const style = styleOf(path);
  if (style === undefined) throw new PathFault('is no plain path');
  if (style !== folder.style)
    throw new PathFault(`is ${styleWords[style]}, and the folder is ${styleWords[folder.style]}`);
  const found = resolve(path, style);
  let differsInCase = false;
  for (const [index, segment] of folder.segments.entries()) {
    const other = found[index];
    if (other === segment) continue;
    if (other === undefined || fold(other) !== fold(segment)) return false;
    differsInCase = true;
  }
  if (differsInCase && style !== 'windows')
    throw new PathFault('differs from the folder in letter case or trailing dots only');
  return true;
}

function resolve(path: string, style: Folder['style']): string[] {
  const segments: string[] = [];
  for (const segment of split(style === 'windows' ? path.slice(2) : path, style)) {
    // Some systems drop blanks and dots at the end of a name, so that ".. " leads up, and others all behind ";".
    if (segment !== '..' && /^[. ]+(?:;|$)/.test(segment))
      throw new PathFault('has a name of dots and blanks');
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined && style === 'relative')
      throw new PathFault('leaves the folder that it is relative to');
  }
  if (style !== 'windows') return segments;
  if (segments.some((segment) => /:|~\d/.test(segment))) throw new PathFault('has a short name or a stream');
  return [drive(path), ...segments];
}

function split(path: string, style: Folder['style']): string[] {
  return path
    .split(style === 'windows' ? /[\\/]/ : '/')
    .filter((segment) => segment !== '' && segment !== '.');
}

/** Undefined for network paths, paths from the home folder, and drives without a root. */
function styleOf(path: string): Folder['style'] | undefined {
  if (/^[A-Za-z]:[\\/]/.test(path)) return 'windows';
  if (/^(?:[\\/]{2}|\\|~|[A-Za-z]:|[A-Za-z][A-Za-z0-9+.-]*:)/.test(path) || path === '') return undefined;
  return path.startsWith('/') ? 'posix' : 'relative';
}

const styleWords = { posix: 'absolute', windows: 'on a drive', relative: 'relative' };

function drive(path: string): string {
  return path.slice(0, 2).toUpperCase();
}

/** How file systems that do not tell case apart compare names; Windows also drops dots and blanks at the end. */
function fold(segment: string): string {
  return segment
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[. ]+$/, '');
}
