import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  childEnvironment,
  type Environment,
  freePort,
  gatewayMain,
  scratchFolder,
  writeConfig,
} from '../e2e/gateway-process.js';
import type { Ended } from './case-run.js';
import type { Judge } from './judge.js';
import type { Step } from './steps.js';

const everywhere = '0.0.0.0';
/** A gateway that goes on for so long has started. */
const startsWithinMs = 15_000;

/** Steps that start a gateway anew, or give one another configuration. */
export const startSteps: Readonly<Record<string, Step>> = {
  async fresh_start(run, item) {
    const { bind, auth } = item.fresh_start as { bind: string; auth: string };
    if (auth !== 'off') throw new Error(`nothing is known of auth ${auth}`);
    run.ended.push(await endOf({ listen: { host: bind }, auth: { mode: 'none' } }));
  },

  /** Text in the language of the corpus is said in that of the gateway; any other stands as it is. */
  async config_change(run, item) {
    const { text } = item.config_change as { text: string };
    const [, effect, tool] = /^policies:\n.*\n\s+effect: (\w+)\n\s+tools: \["([\w.]+)"\]\n$/.exec(text) ?? [];
    if (tool === undefined) return run.fixture.gateway.misconfigure(text);
    const rule = { id: 'changed', match: { tools: [tool.replace('.', ':')] }, effect };
    await run.fixture.gateway.misconfigure((config) => ({
      ...config,
      policy: { ...config.policy, rules: [...config.policy.rules, rule] },
    }));
  },
};

/** Starts a gateway to which everybody can connect, with the secrets of its administrators in this environment. */
export function startOpenly(environment: Environment): Promise<Ended> {
  const { GATEWAY_MASTER_KEY: key, GATEWAY_ADMIN_PASSWORD: password } = environment;
  const admin = { principal: 'admin-1', roles: ['admin'], tokens: ['env:GATEWAY_MASTER_KEY'] };
  const other = { ...admin, tokens: ['env:STRONG'] };
  return endOf(
    {
      listen: { host: everywhere },
      auth: { tokens: [key === undefined ? other : admin] },
      ...(password === undefined ? {} : { approvals: { adminToken: 'env:GATEWAY_ADMIN_PASSWORD' } }),
    },
    { ...environment, STRONG: 'Vq3uW8xk1nJt5rYz7pLb2mHc' },
  );
}

/** How a gateway ends right after its start; one that does not is stopped. */
async function endOf({ listen, ...config }: StartConfig, environment: Environment = {}): Promise<Ended> {
  const { path, remove } = scratchFolder();
  try {
    const full = { listen: { ...listen, port: await freePort() }, dataDir: 'data', upstreams: {}, ...config };
    const child = spawn(process.execPath, [gatewayMain, 'start', '--config', writeConfig(path, full)], {
      cwd: path,
      env: { ...childEnvironment(path), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return await ended(child);
  } finally {
    remove();
  }
}

interface StartConfig {
  readonly listen: object;
  readonly [member: string]: unknown;
}

async function ended(child: ChildProcess): Promise<Ended> {
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  }
  let went = true;
  const late = setTimeout(() => {
    went = false;
    child.kill('SIGKILL');
  }, startsWithinMs);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(late);
  return { code: went ? code : null, log };
}

/** Expectations about gateways that a step started, and about what the one of the fixture said of its configuration. */
export const startJudges: Readonly<Record<string, Judge>> = {
  process_exit(run, { code_not }: { code_not: number }) {
    if (run.ended.length === 0) return 'no gateway was started';
    const odd = run.ended.find(({ code }) => code === null || code === code_not);
    return odd && `a gateway ${odd.code === null ? 'went on' : `ended with ${odd.code}`}: ${odd.log}`;
  },

  log_has(run, { text_like }: { text_like: string }) {
    const odd = run.ended.find(({ log }) => !isLike(log, text_like));
    return odd && `nothing in its log is like "${text_like}": ${odd.log}`;
  },

  log_or_api_warning(run, { text_like }: { text_like: string }) {
    const log = run.fixture.gateway.log.slice(run.logBefore);
    return isLike(log, text_like) ? undefined : `nothing in the log is like "${text_like}": ${log}`;
  },
};

/** What the gateway says in other words. */
const likenesses: Readonly<Record<string, RegExp>> = {
  'weak or default': /weak or default|is set but empty|is shorter than 8 characters/,
  'matches no known tool': /can never match: no tool is named/,
};

function isLike(text: string, wanted: string): boolean {
  return text.includes(wanted) || likenesses[wanted]?.test(text) === true;
}
