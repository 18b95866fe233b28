// Makes a clone ready to run: installs and builds when needed, says so, and does nothing when nothing changed.
// Runs before `npm start`, `npm test` and `npm run bench`; uses nothing but Node, since nothing else may be there yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const requiredNode = [20, 19];

/** What stands in the way of running on this Node version, or undefined. */
export function nodeProblem(version) {
  const [major, minor] = version.split('.').map(Number);
  const [wantedMajor, wantedMinor] = requiredNode;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return undefined;
  return `Sallyport needs Node.js ${requiredNode.join('.')} or newer, and this is ${version}.\nInstall a newer one from https://nodejs.org, then run the same command again.`;
}

/** The reason why dependencies must be installed in `folder`, or undefined when they are as the lockfile says. */
export function installReason(folder, stamp) {
  if (!existsSync(join(folder, 'node_modules'))) return 'the dependencies are not installed yet';
  if (stamp.lock === lockHash(folder) || installedAsLocked(folder)) return undefined;
  return 'package-lock.json changed since the last installation';
}

/** The reason why the sources must be compiled in `folder`, or undefined when the build is up to date. */
export function buildReason(folder, stamp) {
  if (!existsSync(join(folder, 'packages/gateway/dist/cli/main.js'))) return 'there is no build yet';
  if (stamp.sources === sourcesHash(folder)) return undefined;
  return 'the sources changed since the last build';
}

export function lockHash(folder) {
  return createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex');
}

/** One hash over everything that the build reads; tests are not part of it. */
export function sourcesHash(folder) {
  const hash = createHash('sha256');
  for (const path of buildInputs(folder)) {
    hash.update(relative(folder, path).split(sep).join('/')).update('\0');
    hash.update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}

function buildInputs(folder) {
  const inputs = ['tsconfig.json', 'tsconfig.base.json', 'scripts/assemble.mjs'].map((name) =>
    join(folder, name),
  );
  for (const name of readdirSync(join(folder, 'packages')).sort()) {
    const workspace = join(folder, 'packages', name);
    inputs.push(join(workspace, 'package.json'), join(workspace, 'tsconfig.json'));
    for (const sources of ['src', 'static', 'bin']) inputs.push(...filesUnder(join(workspace, sources)));
  }
  return inputs.filter((path) => existsSync(path) && !path.endsWith('.test.ts'));
}

function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** Whether npm's own note of what it installed agrees with the lockfile, as after `npm ci` by hand. */
function installedAsLocked(folder) {
  const installed = readJson(join(folder, 'node_modules/.package-lock.json'))?.packages;
  const locked = readJson(join(folder, 'package-lock.json'))?.packages;
  if (installed === undefined || locked === undefined) return false;
  return Object.entries(locked).every(([path, entry]) => {
    if (!path.includes('node_modules/') || entry.link === true) return true;
    const found = installed[path];
    return found === undefined ? entry.optional === true : found.version === entry.version;
  });
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

const stampPath = join(root, 'node_modules/.sallyport-ready');

function writeStamp(changes) {
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(stampPath, `${JSON.stringify({ ...readJson(stampPath), ...changes })}\n`);
}

function npm(...args) {
  const cli = process.env.npm_execpath ?? '';
  const options = { cwd: root, stdio: 'inherit' };
  // Node refuses to start npm.cmd without a shell; npm's own script needs neither.
  const done = /npm-cli\.c?js$/.test(cli)
    ? spawnSync(process.execPath, [cli, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  if (done.error) fail(`npm could not be started: ${done.error.message}`);
  if (done.signal) process.kill(process.pid, done.signal);
  if (done.status !== 0) fail(`\`npm ${args.join(' ')}\` failed; its messages are above.`);
}

function fail(message) {
  process.stderr.write(`\n${message}\n`);
  process.exit(1);
}

function say(message) {
  process.stdout.write(`sallyport: ${message}\n`);
}

function makeReady() {
  const problem = nodeProblem(process.versions.node);
  if (problem !== undefined) fail(problem);
  const toInstall = installReason(root, readJson(stampPath) ?? {});
  if (toInstall !== undefined) {
    say(`${toInstall}: running \`npm ci\` (about a minute)`);
    npm('ci', '--ignore-scripts', '--no-audit', '--no-fund');
  }
  writeStamp({ lock: lockHash(root) });
  const toBuild = buildReason(root, readJson(stampPath) ?? {});
  if (toBuild === undefined) return;
  say(`${toBuild}: running \`npm run build\` (about half a minute)`);
  const sources = sourcesHash(root);
  npm('run', '--silent', 'build');
  writeStamp({ sources });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) makeReady();
