/** Where secrets are kept. A source knows one scheme of references, `scheme:rest`. */
export interface SecretSource {
  /** The part of a reference before the first colon, for example `env`. */
  readonly scheme: string;
  /** The value behind `rest`, whole; rejects with CredentialFault when there is none. Never logs, never caches. */
  read(rest: string): Promise<string>;
}
