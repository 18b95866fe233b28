const secretName =
  /authori[sz]ation|cookie|secret|token|passw|passphrase|credential|signature|api[-_]?key|private|(^|[-_.])(key|pwd|auth)$/i;
const reference = /^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/;
const embeddedReference = /\$\{(?:env|file):[^}]+\}/;

/** Whether a header, variable, parameter or flag of this name usually carries a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/** Whether a configured text takes its secret from elsewhere instead of containing it. */
export function refersToSecret(text: string): boolean {
  return reference.test(text) || embeddedReference.test(text);
}

/** Whether the value at a path of the configuration may be a secret, whatever its text. */
export function isSecretPath(path: readonly PropertyKey[]): boolean {
  const names = path.map(String);
  if (names[0] === 'auth') return names.includes('tokens') && path.length > 3;
  if (names[0] === 'upstreams') return names[2] === 'headers' || names[2] === 'env';
  return isSecretName(names.at(-1) ?? '');
}
