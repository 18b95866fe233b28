import { type KeyDesk, withKeyRing } from './local-key-ring.js';

/** Keys that live as long as a demo does. */
export interface DemoKeys {
  readonly agent: string;
  readonly auditor: string;
}

const demoLifetimeMs = 24 * 3600 * 1000;

/** Makes a key for each demo caller and ends those of earlier demos. */
export function makeDemoKeys(config: string): Promise<DemoKeys> {
  return withKeyRing({ config, mayCreate: true }, async (desk) => {
    const earlier = await desk.ring.list();
    for (const { id } of earlier.filter(({ state }) => state === 'active')) {
      await desk.record('key.revoked', await desk.ring.revoke(id));
    }
    return { agent: await makeKey(desk, 'agent'), auditor: await makeKey(desk, 'auditor') };
  });
}

async function makeKey({ ring, record }: KeyDesk, role: 'agent' | 'auditor'): Promise<string> {
  const wanted = { principal: `demo-${role}`, roles: [role], expiresAfterMs: demoLifetimeMs };
  const { key, text } = await ring.create(wanted);
  await record('key.created', key);
  return text;
}
