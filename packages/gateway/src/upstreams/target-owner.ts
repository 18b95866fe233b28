import { UpstreamFailure } from '../model/upstream.js';
import type { Upstream } from './upstream.js';

/** Who takes the calls of a target. */
export type TargetOwner = Pick<Upstream, 'forward'>;

/**
 * Owns what an upstream offered before its configuration changed, which is shown until it has come up anew. No call that
 * is decided now goes to the former server: it would carry the new configuration's credential.
 */
export const nobody: TargetOwner = {
  forward: () =>
    Promise.reject(
      new UpstreamFailure('unavailable', 'it starts anew after a change of its configuration', false),
    ),
};
