import { nearest } from '../lib/nearest.js';
import { type RecordType, recordTypes } from '../model/record.js';
import type { RecordFilter } from '../store/record-table.js';
import { CliError } from './cli-error.js';
import { readMoment } from './read-duration.js';

/** The options by which records are chosen. */
export interface FilterOptions {
  readonly type?: string;
  readonly call?: string;
  readonly caller?: string;
  readonly tool?: string;
  readonly upstream?: string;
  readonly effect?: string;
  readonly rule?: string;
  readonly since?: string;
  readonly until?: string;
}

const texts = ['call', 'caller', 'tool', 'upstream', 'effect', 'rule'] as const;

/** The filter that the options describe; wrong values are wrong usage. */
export function recordFilter(options: FilterOptions, now: number): Omit<RecordFilter, 'limit' | 'order'> {
  const given = texts.flatMap((name) =>
    options[name] === undefined ? [] : [[name, options[name]] as const],
  );
  return {
    ...Object.fromEntries(given),
    ...(options.type === undefined ? {} : { type: options.type.split(',').map(checkType) }),
    ...(options.since === undefined ? {} : { since: readMoment('--since', options.since, now) }),
    ...(options.until === undefined ? {} : { until: readMoment('--until', options.until, now) }),
  };
}

function checkType(text: string): RecordType {
  const found = recordTypes.find((type) => type === text.trim());
  if (found !== undefined) return found;
  const meant = nearest(text, recordTypes);
  const remedy = meant === undefined ? '' : `; did you mean ${meant}?`;
  throw new CliError(`--type: found ${JSON.stringify(text)}; expected ${recordTypes.join(', ')}${remedy}`, 2);
}
