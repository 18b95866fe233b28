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

/** A word before a token, tokens of well-known makers, and JSON Web Tokens. */
const secretText =
  /^(?:Bearer|Basic|Token) \S|\b(?:sk-|gh[opsu]_|github_pat_|glpat-|xox[abeprs]-|AKIA|AIza)[\w-]{8}|\beyJ[\w-]+\.eyJ/i;

/** Whether a literal header or variable is likely to be a secret, by its name or by what it looks like. */
export function isSecretText(name: string, text: string): boolean {
  return text !== '' && (isSecretName(name) || /(?:key|pass)$/i.test(name) || secretText.test(text));
}

/** Whether the value at a path of the configuration may be a secret, whatever its text. */
export function isSecretPath(path: readonly PropertyKey[]): boolean {
  const names = path.map(String);
  if (names[0] === 'auth') return names.includes('tokens') && path.length > 3;
  if (names[0] === 'upstreams') return names[2] === 'headers' || names[2] === 'env';
  return isSecretName(names.at(-1) ?? '');
}
