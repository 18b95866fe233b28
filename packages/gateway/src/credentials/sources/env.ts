import { CredentialFault } from '../credential-fault.js';
import type { SecretSource } from '../secret-source.js';

/** `env:NAME`: a variable of the gateway's own environment, read anew each time. */
export function createEnvSource(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): SecretSource {
  return {
    scheme: 'env',
    async read(name) {
      const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
      if (value === undefined) {
        throw new CredentialFault(
          `env:${name}`,
          'is not set; set the variable for the gateway, or in the .env file beside its configuration',
        );
      }
      if (value === '')
        throw new CredentialFault(`env:${name}`, 'is set but empty; give the variable its value');
      return value;
    },
  };
}
