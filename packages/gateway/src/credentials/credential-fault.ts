/**
 * A credential that cannot be used, and what would be right.
 * Invariant: the message names the reference and never holds any part of a value.
 */
export class CredentialFault extends Error {
  /** The reference (or the place) at fault, for example `env:PAY_TOKEN`. */
  readonly reference: string;

  constructor(reference: string, problem: string) {
    super(`${reference} ${problem}`);
    this.name = 'CredentialFault';
    this.reference = reference;
  }
}
