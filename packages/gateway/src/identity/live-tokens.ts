import { LRUCache } from 'lru-cache';
import type { Admission } from '../model/admission.js';

const most = 10_000;

/**
 * Whom the tokens of other issuers stood for that came in: for calls that go on after their request. Whether one still
 * counts is for whoever asks to see, by its end and by what the configuration says of its issuer now.
 */
export class LiveTokens {
  readonly #known = new LRUCache<string, Admission>({ max: most });

  remember(admission: Admission): void {
    this.#known.set(admission.principal.credential, admission);
  }

  find(credential: string): Admission | undefined {
    return this.#known.get(credential);
  }
}
