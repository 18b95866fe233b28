import { microsOf } from '../../lib/micros.js';
import type { Price } from '../../limits/price-table.js';
import type { EffectiveConfig } from './effective-config.js';

/** The configured prices. The schema lets only amounts and times through that can be read. */
export function pricesOf({ prices }: EffectiveConfig): Price[] {
  return prices.map(({ tools, cost, from, until }) => {
    const micros = microsOf(cost);
    if (micros === undefined) throw new RangeError('a price that the schema should not have let through');
    return {
      tools,
      micros,
      ...(from === undefined ? {} : { from: Date.parse(from) }),
      ...(until === undefined ? {} : { until: Date.parse(until) }),
    };
  });
}
