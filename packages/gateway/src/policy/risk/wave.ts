/** How risky a call is, from 1 to 5. */
export type WaveNumber = 1 | 2 | 3 | 4 | 5;

/** The waves by name; wave-engine's REVIEW is 4 too. */
export const Wave = Object.freeze({ MINIMAL: 1, LOW: 2, MODERATE: 3, REVIEW: 4, CRITICAL: 5 } as const);

/** The words for waves in configuration and records. */
export const waveLabels = ['minimal', 'low', 'moderate', 'review', 'critical'] as const;

export type WaveLabel = (typeof waveLabels)[number];

export type Outcome = 'auto' | 'review' | 'block';

/** What follows from each wave, the first for wave 1. */
export type Outcomes = readonly [Outcome, Outcome, Outcome, Outcome, Outcome];

/** `wave` is what wave-engine documents; Surfit, from which it came, holds wave 5 for a person too. */
export const outcomeProfiles: Readonly<Record<'wave' | 'surfit', Outcomes>> = {
  wave: ['auto', 'auto', 'auto', 'review', 'block'],
  surfit: ['auto', 'auto', 'auto', 'review', 'review'],
};

/** The least scores of waves 2, 3, 4 and 5. */
export type Bands = readonly [number, number, number, number];

export const mostScore = 100;

export function waveOf(score: number, bands: Bands): WaveNumber {
  return (1 + bands.filter((least) => score >= least).length) as WaveNumber;
}

export function labelOf(wave: WaveNumber): WaveLabel {
  return waveLabels[wave - 1] ?? 'critical';
}

/** The number of a wave that a configuration names. */
export function waveNumberOf(wave: number | WaveLabel): WaveNumber {
  return (typeof wave === 'number' ? wave : waveLabels.indexOf(wave) + 1) as WaveNumber;
}
