import { join } from 'node:path';
import ts from 'typescript';

/**
 * The complaints of the compiler about `code`, under the gateway's own settings. Imports in it are paths from `root`.
 * Complaints about other files are not this code's.
 */
export function compile(root: string, code: string): string[] {
  const snippet = join(root, 'snippet.ts');
  const text = code.replaceAll("from 'packages/", "from './packages/");
  const options = settings(root);
  const host = ts.createCompilerHost(options);
  const fileExists = host.fileExists.bind(host);
  const getSourceFile = host.getSourceFile.bind(host);
  host.fileExists = (path) => path === snippet || fileExists(path);
  host.getSourceFile = (path, ...rest) =>
    path === snippet ? ts.createSourceFile(path, text, ts.ScriptTarget.ES2023) : getSourceFile(path, ...rest);
  const program = ts.createProgram([snippet], options, host);
  const source = program.getSourceFile(snippet);
  const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  return found.map((one) => ts.flattenDiagnosticMessageText(one.messageText, '\n'));
}

function settings(root: string): ts.CompilerOptions {
  const path = join(root, 'packages/gateway/tsconfig.json');
  const config = ts.getParsedCommandLineOfConfigFile(
    path,
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail },
  );
  return { ...config?.options, composite: false, incremental: false, noEmit: true, rootDir: root };
}

function fail(diagnostic: ts.Diagnostic): never {
  throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
}
