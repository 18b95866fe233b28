const inspect = Symbol.for('nodejs.util.inspect.custom');

/** A secret's value in a wrapper that prints as `[secret]` wherever it is logged, serialised or inspected. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. Only credentials/ and connectors may ask (test/architecture.test.ts). */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect](): string {
    return '[secret]';
  }
}

/** Where a secret's value is kept: `env:NAME` or `file:PATH`. */
export type SecretReference = string;

/** A configured header or variable: literal text and references, joined when it is resolved at call time. */
export interface ConfiguredValue {
  readonly parts: readonly (string | { readonly secret: SecretReference })[];
}
