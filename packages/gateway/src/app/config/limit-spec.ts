import type { AmountConfig, LimitConfig } from '#contract';
import { microsOf } from '../../lib/micros.js';
import type { CostSource, Limit } from '../../model/obligation.js';

/** A configured limit; `id` names it where the configuration does not. */
export function limitOf(limit: LimitConfig, id: string): Limit {
  const common = { id: limit.id ?? id, per: limit.per as Limit['per'] };
  switch (limit.kind) {
    case 'rate': {
      const { kind, max, algorithm, windowSeconds, queueSeconds, zone } = limit;
      const queue = queueSeconds === undefined ? {} : { queueMs: Math.round(queueSeconds * 1000) };
      return {
        kind,
        ...common,
        max,
        algorithm,
        windowMs: Math.round(windowSeconds * 1000),
        ...inZone(zone),
        ...queue,
      };
    }
    case 'repeat': {
      const { kind, max, windowSeconds } = limit;
      return { kind, ...common, max, windowMs: Math.round(windowSeconds * 1000) };
    }
    case 'concurrency':
      return { kind: limit.kind, ...common, max: limit.max };
    case 'budget': {
      const { kind, max, unit, window, refundOn, zone, cost } = limit;
      return {
        kind,
        ...common,
        maxMicros: amountOf(max),
        unit,
        window,
        refundOn,
        ...inZone(zone),
        cost: costOf(cost),
      };
    }
  }
}

type CostConfig = Extract<LimitConfig, { kind: 'budget' }>['cost'];

function costOf(cost: CostConfig): CostSource {
  if ('fixed' in cost) return { kind: 'fixed', micros: amountOf(cost.fixed) };
  if ('price' in cost) return { kind: 'price' };
  if ('result' in cost)
    return { kind: 'result', path: cost.result.split('.'), reserveMicros: amountOf(cost.reserve) };
  return {
    kind: 'argument',
    path: cost.argument.split('.'),
    ...(cost.optional === true && { optional: true }),
  };
}

/** The schema lets only amounts through that have micro-units. */
function amountOf(amount: AmountConfig): bigint {
  const micros = microsOf(amount);
  if (micros === undefined) throw new RangeError('an amount that the schema should not have let through');
  return micros;
}

function inZone(zone: string | undefined): { zone?: string } {
  return zone === undefined ? {} : { zone };
}
