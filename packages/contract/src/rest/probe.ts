import { z } from 'zod';

export const aliveSchema = z
  .strictObject({ alive: z.literal(true) })
  .meta({ id: 'Alive', description: 'The process answers.' });

export const compatHealthSchema = z
  .strictObject({ status: z.literal('ok'), service: z.literal('sallyport') })
  .meta({ id: 'CompatHealth', description: 'The process answers, as mcp-governance-proxy says it.' });

export const readinessSchema = z
  .strictObject({
    ready: z.boolean(),
    checks: z.record(z.string(), z.strictObject({ ok: z.boolean(), reason: z.string().optional() })),
  })
  .meta({ id: 'Readiness', description: 'Whether calls are decided, recorded and answered.' });
