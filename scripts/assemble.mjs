// Runs after `tsc -b`: puts what the gateway ships beside its own code (the contract, the console and its client, and
// the SQL grammars it needs of a package that is too large to install for them).
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = fileURLToPath(new URL('../packages', import.meta.url));
const gateway = join(packages, 'gateway/dist');

assembleContract();
assembleConsole();
assembleApiDocs();
assembleSqlGrammars();
makeExecutable(join(gateway, 'cli/main.js'));

function assembleContract() {
  const target = emptied(join(gateway, 'contract'));
  copyFiles(join(packages, 'contract/dist'), { target, wanted: /\.(js|d\.ts)$/ });
  const rest = emptied(join(target, 'rest'));
  copyFiles(join(packages, 'contract/dist/rest'), { target: rest, wanted: /\.(js|d\.ts)$/ });
}

/** The gateway serves the console from one flat folder, so the client's files stand beside the console's. */
function assembleConsole() {
  const target = emptied(join(gateway, 'console'));
  copyFiles(join(packages, 'console/static'), { target, wanted: /\.(html|css|svg)$/ });
  copyFiles(join(packages, 'client/dist'), { target, wanted: /\.js$/ });
  copyFiles(join(packages, 'console/dist'), { target, wanted: /\.js$/, change: bareToRelative });
}

/** Swagger UI as it is published, without its source maps, beside a page of our own that starts it. */
function assembleApiDocs() {
  const target = emptied(join(gateway, 'api-docs'));
  copyFiles(join(packages, 'console/api-docs'), { target, wanted: /\.(html|js)$/ });
  const swagger = join(packages, '../node_modules/swagger-ui-dist');
  for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
    const code = readFileSync(join(swagger, name), 'utf8');
    writeFileSync(join(target, name), code.replace(/\n?(\/\/|\/\*)# sourceMappingURL=.*$/m, ''));
  }
  copyFileSync(join(swagger, 'LICENSE'), join(target, 'LICENSE'));
}

/** Each is one file that stands alone; the whole package has 89 MB. */
function assembleSqlGrammars() {
  const target = emptied(join(gateway, 'sql'));
  const grammars = join(packages, '../node_modules/node-sql-parser');
  for (const dialect of [
    'bigquery',
    'mariadb',
    'mysql',
    'postgresql',
    'redshift',
    'snowflake',
    'sqlite',
    'transactsql',
  ]) {
    const code = readFileSync(join(grammars, `build/${dialect}.js`), 'utf8');
    writeFileSync(join(target, `${dialect}.cjs`), code.replace(/\n?\/\/# sourceMappingURL=.*$/m, ''));
  }
  copyFileSync(join(grammars, 'LICENSE'), join(target, 'LICENSE'));
}

/** Browsers do not resolve package names, and an import map would have to be inline, which the page's CSP forbids. */
function bareToRelative(code) {
  return code.replaceAll(/(from\s+)(['"])@sallyport\/client\2/g, "$1'./index.js'");
}

function copyFiles(source, { target, wanted, change }) {
  for (const name of readdirSync(source).filter((name) => wanted.test(name))) {
    const to = join(target, name);
    if (existsSync(to)) throw new Error(`${to} exists already: two workspaces have a file of that name`);
    copyOne(join(source, name), to, change);
  }
}

function copyOne(from, to, change) {
  if (change === undefined) copyFileSync(from, to);
  else writeFileSync(to, change(readFileSync(from, 'utf8')));
}

function emptied(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

function makeExecutable(file) {
  if (existsSync(file)) chmodSync(file, 0o755);
}
