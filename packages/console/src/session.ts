/** Who this browser is signed in as. */
export interface Session {
  readonly principal?: string;
  /** What must come with everything that changes something. */
  readonly csrf?: string;
  /** Whether people can sign in at a provider, too. */
  readonly hasProvider: boolean;
}

const nobody: Session = { hasProvider: false };

/** Never rejects: a gateway that does not answer has nobody signed in. */
export async function askSession(ask: typeof fetch): Promise<Session> {
  try {
    const response = await ask('/sign-in/session', { cache: 'no-store' });
    return response.ok ? sessionOf(await response.json()) : nobody;
  } catch {
    return nobody;
  }
}

function sessionOf(told: unknown): Session {
  if (typeof told !== 'object' || told === null) return nobody;
  const { principal, csrf, issuer } = told as Readonly<Record<string, unknown>>;
  const hasProvider = typeof issuer === 'string';
  if (typeof principal !== 'string' || typeof csrf !== 'string') return { hasProvider };
  return { principal, csrf, hasProvider };
}
