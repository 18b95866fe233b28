import { isJsonObject } from '../lib/json/parse-json.js';
import type { JsonValue } from '../model/json.js';

/** The levels of log messages, from chatter to catastrophe (RFC 5424). */
export const logLevels: readonly string[] = [
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
];

/** Whether a log message (the params of `notifications/message`) is as important as `wanted`; of unknown levels all are. */
export function isLoudEnough(params: JsonValue, wanted: string | undefined): boolean {
  if (wanted === undefined || !isJsonObject(params) || typeof params.level !== 'string') return true;
  const level = logLevels.indexOf(params.level);
  return level < 0 || level >= logLevels.indexOf(wanted);
}
