const runners: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    npx: [],
    bunx: [],
    uvx: [],
    pipx: ['run'],
    npm: ['exec', 'x'],
    pnpm: ['dlx', 'exec'],
    yarn: ['dlx'],
    bun: ['x', 'run'],
    deno: ['run'],
    uv: ['run', 'tool'],
    node: [],
    python: [],
    python3: [],
  }),
);
/** Names of files and folders that say nothing about the program in them. */
const anonymous = /^(index|main|server|cli|app|src|dist|build|bin|lib|out)$/;
/** Options of runners that are followed by a value. */
const valued = /^(-p|--package|-r|--require|--import|--from|--with|-e|--eval|-c)$/;

/** A short id for a server that is started: the package or program behind runners such as npx. */
export function nameOfCommand(command: string, args: readonly string[]): string {
  const program = baseName(command).toLowerCase();
  const steps = runners.get(program);
  const target = steps === undefined ? command : (firstTarget(args, steps) ?? command);
  return idOf(spokenName(target));
}

/** A short id for a server that is reached: the part of its host that tells it from others. */
export function nameOfUrl(text: string): string {
  const { hostname } = new URL(text);
  if (/^[\d.]+$|^\[/.test(hostname)) return 'server';
  const labels = hostname.split('.').filter((label) => !/^(www|mcp|api)$/.test(label));
  return idOf(labels.length > 1 ? labels.slice(0, -1).join('-') : (labels[0] ?? hostname));
}

function firstTarget(args: readonly string[], steps: readonly string[]): string | undefined {
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] ?? '';
    if (argument === '-m') return args[index + 1];
    if (valued.test(argument)) index += 1;
    else if (!argument.startsWith('-') && !steps.includes(argument)) return argument;
  }
  return undefined;
}

/** `@scope/server-files@1.2` is "files"; `/opt/weather/dist/index.js` is "weather". */
function spokenName(target: string): string {
  const unversioned = target.replace(/(?<=[^/@])(@|==|\[).*$/, '');
  const parts = unversioned
    .split(/[/\\:]/)
    .map((part) => part.replace(/\.(c|m)?[jt]s$|\.py$|\.exe$|\.cmd$/, ''));
  const telling = parts.filter(
    (part) => part !== '' && part !== '.' && part !== '..' && !anonymous.test(part),
  );
  const name = telling.at(-1) ?? 'server';
  return name.replace(/^(mcp-server|server|mcp)[-_]|[-_](mcp-server|mcp|server)$/gi, '');
}

function idOf(name: string): string {
  const id = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 32)
    .replace(/^-+|-+$/g, '');
  return id === '' ? 'server' : id;
}

function baseName(path: string): string {
  return (path.split(/[/\\]/).at(-1) ?? path).replace(/\.(exe|cmd)$/i, '');
}
