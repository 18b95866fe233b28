interface Stamp {
  readonly lock?: string;
  readonly sources?: string;
}

export function nodeProblem(version: string): string | undefined;
export function installReason(folder: string, stamp: Stamp): string | undefined;
export function buildReason(folder: string, stamp: Stamp): string | undefined;
export function lockHash(folder: string): string;
export function sourcesHash(folder: string): string;
