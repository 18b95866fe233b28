import type { EffectiveConfig } from './config/effective-config.js';

/** Where people decide about a hold; undefined where the configuration does not say how they get there. */
export function holdLink({ approvals }: EffectiveConfig, hold: string): string | undefined {
  const { publicUrl } = approvals;
  return publicUrl === undefined ? undefined : `${publicUrl.replace(/\/+$/, '')}/approve/${hold}`;
}
