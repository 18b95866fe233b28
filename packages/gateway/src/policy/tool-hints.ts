import type { Target } from '../model/target.js';
import type { AnnotationMatch } from './rule.js';

/**
 * Hints with the protocol's defaults where the upstream leaves them out: it may write, destroy, reach the open world. What
 * only reads destroys nothing unless it says so.
 */
export function hintsOf(target: Target): Required<AnnotationMatch> {
  const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } =
    target.kind === 'tool' ? target.annotations : {};
  return {
    readOnly: readOnlyHint ?? false,
    destructive: destructiveHint ?? readOnlyHint !== true,
    idempotent: idempotentHint ?? false,
    openWorld: openWorldHint ?? true,
  };
}
