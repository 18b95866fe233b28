import type { KeyRing } from '../identity/key-ring.js';
import { withKeyRing } from './local-key-ring.js';

/** Keys that live as long as a demo does. */
export interface DemoKeys {
  readonly agent: string;
  readonly auditor: string;
}

const demoLifetimeMs = 24 * 3600 * 1000;

/** Makes a key for each demo caller and ends those of earlier demos. */
export function makeDemoKeys(config: string): Promise<DemoKeys> {
  return withKeyRing({ config, mayCreate: true }, async (ring) => {
    const earlier = await ring.list();
    for (const { id } of earlier.filter(({ state }) => state === 'active')) await ring.revoke(id);
    return { agent: await makeKey(ring, 'agent'), auditor: await makeKey(ring, 'auditor') };
  });
}

async function makeKey(ring: KeyRing, role: 'agent' | 'auditor'): Promise<string> {
  const wanted = { principal: `demo-${role}`, roles: [role], expiresAfterMs: demoLifetimeMs };
  return (await ring.create(wanted)).text;
}
