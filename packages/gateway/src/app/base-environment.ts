const posixNames = ['PATH', 'LANG', 'LANGUAGE', 'LC_ALL', 'LC_CTYPE', 'LC_MESSAGES'];
/** Without these, programs on Windows do not find their system folder, their extensions or a place for scratch files. */
const windowsNames = ['Path', 'PATHEXT', 'SystemRoot', 'SystemDrive', 'ComSpec', 'TEMP', 'TMP'];

/** What every child process gets besides what is configured for it: the search path and the locale, nothing else. */
export function baseEnvironment(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
): Record<string, string> {
  const names = platform === 'win32' ? [...posixNames, ...windowsNames] : posixNames;
  const kept: Record<string, string> = {};
  for (const name of names) {
    const value = environment[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}
