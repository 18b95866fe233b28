import { Seal } from '../lib/seal.js';

/** What a token stands for. */
export interface NoticeToken {
  readonly hold: string;
  /** Digest of exactly what was shown. */
  readonly bind: string;
  readonly version: number;
}

/** Seals and opens the tokens of one channel; the key outlives the process, as messages do. */
export class NoticeTokens {
  readonly #seal: Seal;

  constructor(key: Uint8Array, channel: string) {
    this.#seal = new Seal(key, `sallyport/notice/${channel}`);
  }

  issue({ hold, bind, version }: NoticeToken): string {
    return this.#seal.close({ h: hold, b: bind, v: version });
  }

  /** Undefined for what this channel of this gateway has not issued. */
  read(token: string): NoticeToken | undefined {
    const { h, b, v } = this.#seal.open(token) ?? {};
    if (typeof h !== 'string' || typeof b !== 'string' || typeof v !== 'number') return undefined;
    return { hold: h, bind: b, version: v };
  }
}
