import { ReadingFault, readingsOf } from './readings.js';

/** Longer ones are not looked at. */
const longestUri = 2_048;
/** Each of them is compared with every pattern. */
const mostForms = 64;

/** What programs might take a URI for. */
export interface UriForms {
  /** The URI and every other text that it could be read as. */
  readonly forms: readonly string[];
  /** Whether all readings agree on where its parts begin and none of them leads up. */
  readonly plain: boolean;
  /** Whether nobody can say what it names. */
  readonly unreadable: boolean;
}

/** The forms of a URI that is known by several names. */
export function uriForms(names: readonly string[]): UriForms {
  const distinct = [...new Set(names)];
  try {
    const readings = distinct.map(readingsOfUri);
    const plain = readings.every(([first = '', ...others]) => isPlain(first, others));
    const forms = [...new Set(readings.flat().flatMap(formsOf))];
    if (forms.length > mostForms) throw new ReadingFault('can be read in too many ways');
    return { forms, plain, unreadable: false };
  } catch (fault) {
    if (fault instanceof ReadingFault) return { forms: distinct, plain: false, unreadable: true };
    throw fault;
  }
}

function readingsOfUri(uri: string): readonly string[] {
  if (uri.length > longestUri) throw new ReadingFault('is longer than URIs are');
  return readingsOf(uri);
}

function isPlain(uri: string, others: readonly string[]): boolean {
  const marks = (text: string) => text.replace(/[^/\\?#]+/g, '.');
  const leadsUp = (text: string) => /(?:^|[/\\?#]) *\.[. ]*(?:$|[/\\?#;])/.test(text);
  return [uri, ...others].every(
    (reading) =>
      marks(reading) === marks(uri) &&
      !leadsUp(reading) &&
      !reading.includes('\\') &&
      resolve(reading) === reading,
  );
}

/**
 * With dots resolved; without query and fragment; with these taken for parts of the path; with names cut short, as some
 * systems have it; files of this machine in their usual form; and all of it in lower case, as file systems that do not tell
 * case apart have it.
 */
function formsOf(reading: string): string[] {
  const resolved = resolve(reading);
  const asPath = resolve(reading, /^([^:/?#]*:)?(\/\/[^/]*)?(.*)()$/s);
  const paths = [resolved.replace(/[?#].*$/s, ''), asPath];
  const forms = [reading, resolved, ...paths, ...paths.map((path) => resolve(cutShort(path)))].map(
    asLocalFile,
  );
  return [reading, ...forms, ...forms.map((form) => form.toLowerCase())];
}

/** Application servers drop what stands behind ";" in a name, and Windows dots and blanks at its end. */
function cutShort(uri: string): string {
  return uri
    .split('/')
    .map((name) => name.replace(/;.*$/s, '').replace(/^\.\.[. ]+$/, '..'))
    .map((name) => (name === '..' ? name : name.replace(/[. ]+$/, '')))
    .join('/');
}

/** `file:/a` and `file://localhost/a` are `file:///a`. */
function asLocalFile(uri: string): string {
  return uri.replace(/^file:(?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?=\/))?\/*/i, 'file:///');
}

function resolve(uri: string, parts = /^([^:/?#]*:)?(\/\/[^/?#]*)?([^?#]*)(.*)$/s): string {
  const [, scheme = '', authority = '', path = '', rest = ''] = parts.exec(uri) ?? [];
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '.' && segment !== '') segments.push(segment);
  }
  const start = path.startsWith('/') ? '/' : '';
  const end = path.endsWith('/') && segments.length > 0 ? '/' : '';
  return scheme.toLowerCase() + authority.toLowerCase() + start + segments.join('/') + end + rest;
}
