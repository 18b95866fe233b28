import { ConfigError } from '../config/config-error.js';
import type { ConfigFile } from '../config/config-file.js';
import { formatPath } from '../config/describe-value.js';
import { isClientFile, translateClientFile } from './client-file.js';
import { isCordonFile, translateCordonFile } from './cordon-file.js';
import { isHaldirFile, translateHaldirFile } from './haldir-file.js';
import { isInterceptFile, translateInterceptFile } from './intercept-file.js';
import type { Translation } from './translation.js';

/**
 * The translation of a file in a foreign dialect; nothing for a native file. Throws ConfigError with every problem.
 * `environment` gives values where the native form takes no references; without it such references stay as they are.
 */
export function translateFile(
  file: ConfigFile,
  environment?: Readonly<Record<string, string>>,
): Translation | undefined {
  const translation = translate(file, environment);
  if (translation === undefined || translation.findings.length === 0) return translation;
  throw new ConfigError(
    translation.findings.map(({ path, ...rest }) => ({
      ...rest,
      path: formatPath(path),
      file: file.file,
      ...file.locate(path),
    })),
  );
}

/** The file in the native form, whatever dialect it is in; places in it are those of what it was translated from. */
export function nativeFile(file: ConfigFile, environment: Readonly<Record<string, string>>): ConfigFile {
  const translation = translateFile(file, environment);
  if (translation === undefined) return file;
  const warnings = translation.notes.flatMap(({ at, message, kind }) => {
    const source = formatPath(translation.sourceOf(at));
    return kind === 'warning' ? [source === '' ? message : `${source}: ${message}`] : [];
  });
  return {
    file: file.file,
    value: translation.config,
    warnings,
    secrets: translation.secrets,
    locate: (path) => file.locate(translation.sourceOf(path)),
  };
}

function translate(
  file: ConfigFile,
  environment?: Readonly<Record<string, string>>,
): Translation | undefined {
  const { value } = file;
  if (isCordonFile(file)) return translateCordonFile(file);
  if (isClientFile(value)) return translateClientFile(file, environment);
  if (isHaldirFile(value)) return translateHaldirFile(value);
  if (isInterceptFile(value)) return translateInterceptFile(value);
  return undefined;
}
