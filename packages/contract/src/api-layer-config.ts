import { z } from 'zod';

const text = z.string().min(1);

/** What upstreams may be that are made over REST: whoever makes one chooses where the gateway connects to. */
export const apiLayerSchema = z
  .strictObject({
    addresses: z
      .array(text)
      .default([])
      .describe('addresses and ranges besides public ones that their servers may be at: 10.0.0.0/8'),
    plainHttp: z.boolean().default(false).describe('true: their URLs may begin with http://'),
    secrets: z
      .array(text)
      .default(['env:UPSTREAM_*'])
      .describe('references that their headers may hold, with wildcards'),
  })
  .describe('what upstreams may be that are made over REST');
