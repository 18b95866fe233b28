import ts from 'typescript';

/** Source text by path from the repository root, with `/`. */
export type SourceFiles = ReadonlyMap<string, string>;

export interface Import {
  /** As written. */
  readonly specifier: string;
  readonly names: readonly string[];
  readonly line: number;
}

/** Something a module does that has a room of its own. */
export interface Use {
  readonly kind: 'environment' | 'time' | 'chance' | 'secret' | 'permit' | 'sql' | 'outbound';
  readonly text: string;
  readonly line: number;
}

export interface ParsedModule {
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  readonly uses: readonly Use[];
}

const parsed = new Map<string, { readonly text: string; readonly module: ParsedModule }>();

/** What the checks look at in one file; remembered by its text, since the real files are checked many times. */
export function parseModule(path: string, text: string): ParsedModule {
  const known = parsed.get(path);
  if (known?.text === text) return known.module;
  const module = read(path, text);
  parsed.set(path, { text, module });
  return module;
}

function read(path: string, text: string): ParsedModule {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const imports: Import[] = [];
  const uses: Use[] = [];
  const lineOf = (node: ts.Node) => source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier !== undefined) imports.push({ ...specifier, line: lineOf(node) });
    for (const kind of usesIn(node)) {
      uses.push({ kind, text: node.getText(source).slice(0, 60), line: lineOf(node) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { path, lines: text.trimEnd().split('\n').length, imports, uses };
}

/** Every way one module can name another: import, export from, import(), import type, import(…).X, require(). */
function specifierOf(node: ts.Node): Omit<Import, 'line'> | undefined {
  if (ts.isImportDeclaration(node)) return literal(node.moduleSpecifier, importedNames(node));
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) return literal(node.moduleSpecifier);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return literal(node.argument.literal);
  if (ts.isExternalModuleReference(node)) return literal(node.expression);
  if (!ts.isCallExpression(node) || node.arguments[0] === undefined) return undefined;
  const isDynamic = node.expression.kind === ts.SyntaxKind.ImportKeyword;
  const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require';
  return isDynamic || isRequire ? literal(node.arguments[0]) : undefined;
}

function literal(node: ts.Node, names: readonly string[] = []): Omit<Import, 'line'> | undefined {
  return ts.isStringLiteralLike(node) ? { specifier: node.text, names } : undefined;
}

function importedNames(node: ts.ImportDeclaration): string[] {
  const bindings = node.importClause?.namedBindings;
  if (bindings === undefined || !ts.isNamedImports(bindings)) return [];
  return bindings.elements.map((element) => (element.propertyName ?? element.name).text);
}

const sql =
  /^\s*(select\s[\s\S]*\sfrom\s|insert\s+(or\s+\w+\s+)?into\s|update\s+\w+\s+set\s|delete\s+from\s|create\s+(unique\s+)?(table|index)\s|alter\s+table\s|drop\s+(table|index)\s|pragma\s+\w+)/i;

function usesIn(node: ts.Node): Use['kind'][] {
  if (ts.isPropertyAccessExpression(node)) return accesses(node.expression, node.name.text);
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    return accesses(node.expression, node.argumentExpression.text);
  }
  if (ts.isBindingElement(node)) return destructures(node);
  if (ts.isIdentifier(node)) return identifierUses(node);
  if (ts.isNewExpression(node)) return isNow(node) ? ['time'] : [];
  if (ts.isAsExpression(node) || ts.isTypeAssertionExpression(node))
    return castsToPermit(node.type) ? ['permit'] : [];
  if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) return sql.test(node.text) ? ['sql'] : [];
  if (importsEnvironment(node)) return ['environment'];
  return importsOutbound(node) ? ['outbound'] : [];
}

function identifierUses(node: ts.Identifier): Use['kind'][] {
  if (node.text === 'randomUUID') return ['chance'];
  return /^(fetch|WebSocket|EventSource)$/.test(node.text) && isValue(node) ? ['outbound'] : [];
}

/** Whether a name stands for a value here, rather than naming a member, a parameter or a type. */
function isValue({ parent }: ts.Identifier): boolean {
  return (
    ts.isCallExpression(parent) ||
    ts.isNewExpression(parent) ||
    ts.isVariableDeclaration(parent) ||
    ts.isShorthandPropertyAssignment(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isBinaryExpression(parent)
  );
}

const waysOut = new Set([
  'request',
  'get',
  'connect',
  'createConnection',
  'Socket',
  'TLSSocket',
  'Agent',
  'ClientRequest',
  'createSocket',
]);

/** What opens connections: clients of node's own modules, taken by name or with everything, and libraries that are clients. */
function importsOutbound(node: ts.Node): boolean {
  if (!ts.isImportDeclaration(node) || !ts.isStringLiteral(node.moduleSpecifier)) return false;
  const clause = node.importClause;
  if (clause === undefined || clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return false;
  const { text } = node.moduleSpecifier;
  if (/^(undici|axios|got|ky|ws|node-fetch|superagent)(\/|$)/.test(text)) return true;
  if (!/^(node:)?(http|https|http2|net|tls|dgram)$/.test(text)) return false;
  const bindings = clause.namedBindings;
  if (bindings === undefined || !ts.isNamedImports(bindings)) return true;
  return bindings.elements.some(
    (element) => !element.isTypeOnly && waysOut.has((element.propertyName ?? element.name).text),
  );
}

function accesses(object: ts.Expression, member: string): Use['kind'][] {
  const owner = ts.isIdentifier(object) ? object.text : lastNameOf(object);
  if (owner === 'process' && member === 'env') return ['environment'];
  if (owner === 'Date' && member === 'now') return ['time'];
  if (owner === 'Math' && member === 'random') return ['chance'];
  if (owner === 'globalThis' && member === 'fetch') return ['outbound'];
  return member === 'reveal' ? ['secret'] : [];
}

function lastNameOf(node: ts.Expression): string {
  return ts.isPropertyAccessExpression(node) ? node.name.text : '';
}

/** `const { env } = process` and its like. */
function destructures(node: ts.BindingElement): Use['kind'][] {
  const declaration = node.parent.parent;
  if (!ts.isVariableDeclaration(declaration) || declaration.initializer === undefined) return [];
  const member = node.propertyName ?? node.name;
  return ts.isIdentifier(member) ? accesses(declaration.initializer, member.text) : [];
}

function isNow(node: ts.NewExpression): boolean {
  return ts.isIdentifier(node.expression) && node.expression.text === 'Date' && !node.arguments?.length;
}

function castsToPermit(type: ts.TypeNode): boolean {
  if (!ts.isTypeReferenceNode(type)) return false;
  const name = ts.isQualifiedName(type.typeName) ? type.typeName.right : type.typeName;
  return name.text === 'Permit';
}

function importsEnvironment(node: ts.Node): boolean {
  if (!ts.isImportDeclaration(node) || !ts.isStringLiteral(node.moduleSpecifier)) return false;
  return /^(node:)?process$/.test(node.moduleSpecifier.text) && importedNames(node).includes('env');
}
