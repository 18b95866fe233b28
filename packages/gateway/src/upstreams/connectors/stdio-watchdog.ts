import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import spawn from 'cross-spawn';
import type { Log } from '../../model/log.js';

/**
 * Reads "+ GROUP" and "- GROUP" lines. Its input ends when the gateway does, however it does: then whatever group is
 * still listed is asked to end, and two seconds later made to.
 */
const script = `
groups=' '
while read -r sign group; do
  case "$sign" in
    +) groups="$groups$group " ;;
    -) case "$groups" in *" $group "*) groups="\${groups%% $group *} \${groups#* $group }" ;; esac ;;
  esac
done
[ "$groups" = ' ' ] && exit 0
for group in $groups; do kill -s TERM -- "-$group"; done
sleep 2
for group in $groups; do kill -s KILL -- "-$group"; done
`;

/**
 * Ends the children of a gateway that was killed. One shell per gateway, started with the first child and gone with the
 * last. Windows has no process groups: there children end when their input closes.
 */
export class StdioWatchdog {
  readonly #guarded = new Set<number>();
  #shell: ChildProcess | undefined;

  guard(pid: number, log: Log): void {
    if (process.platform === 'win32') return;
    this.#guarded.add(pid);
    if (this.#shell === undefined) this.#start(log);
    else this.#shell.stdin?.write(`+ ${pid}\n`);
  }

  release(pid: number): void {
    if (!this.#guarded.delete(pid)) return;
    this.#shell?.stdin?.write(`- ${pid}\n`);
    if (this.#guarded.size > 0) return;
    this.#shell?.stdin?.end();
    this.#shell = undefined;
  }

  /** In a session of its own, so that what ends the gateway's session does not end it too. */
  #start(log: Log): void {
    const shell = spawn('/bin/sh', ['-c', script], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
    });
    this.#shell = shell;
    const forget = () => {
      if (this.#shell === shell) this.#shell = undefined;
    };
    shell.on('exit', forget);
    shell.on('error', (cause) => {
      forget();
      log.warn({ cause: cause.message }, 'no /bin/sh: children may outlive a gateway that is killed');
    });
    shell.stdin?.on('error', forget);
    for (const pid of this.#guarded) shell.stdin?.write(`+ ${pid}\n`);
    shell.unref();
    (shell.stdin as Socket | null)?.unref();
  }
}
