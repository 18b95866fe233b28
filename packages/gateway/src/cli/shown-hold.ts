/** A hold as `GET /v1/approvals/{id}` shows it to those who may see all of them. */
export interface ShownHold {
  readonly id: string;
  readonly state: string;
  readonly bind: string;
  readonly caller: string;
  readonly credential: string;
  readonly owner?: string;
  readonly upstream: string;
  readonly method: string;
  readonly target: string;
  readonly arguments: unknown;
  readonly reason: string;
  readonly rule?: string;
  readonly cost?: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly decidedAt?: string;
  readonly usedBy?: string;
  readonly terms: { readonly quorum: number; readonly noteRequired: boolean };
  readonly votes: readonly {
    readonly by: string;
    readonly verdict: string;
    readonly channel: string;
    readonly at: string;
    readonly note?: string;
  }[];
}

/** Whether a gateway's answer is a hold as this version shows it. */
export function isShownHold(value: unknown): value is ShownHold {
  const hold = value as Partial<Record<keyof ShownHold, unknown>> | null;
  const texts = ['id', 'state', 'bind', 'caller', 'target', 'upstream', 'createdAt', 'expiresAt'] as const;
  return (
    typeof hold === 'object' &&
    hold !== null &&
    texts.every((name) => typeof hold[name] === 'string') &&
    Array.isArray(hold.votes) &&
    typeof hold.terms === 'object'
  );
}
