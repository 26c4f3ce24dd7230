// A command that serves MCP on its standard streams: started with next to no environment, and ended with everything
// that it started.
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a server may take to end by itself, first after its input has ended, then after SIGTERM. */
const graceMs = 1_000;

/** What a program needs to start at all. Everything else, tokens above all, is passed by name. */
const inherited = process.platform === 'win32' ? ['PATH', 'SystemRoot', 'USERPROFILE'] : ['PATH', 'HOME'];

/** Processes are addressed as a group: `npx` and shells start the server as a child of theirs. */
const hasGroups = process.platform !== 'win32';

export class ChildProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #endWithUs = (): void => {
    this.#signal('SIGKILL');
  };

  /** `passed` are names of environment variables. Does not throw: a command that is not there is an error event. */
  constructor([command = '', ...args]: readonly string[], passed: readonly string[]) {
    const env = Object.fromEntries(
      [...inherited, ...passed].flatMap((name) => {
        const value = process.env[name];
        return value === undefined ? [] : [[name, value]];
      }),
    );
    this.#child = spawn(command, args, {
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: hasGroups,
      windowsHide: true,
    });
    process.once('exit', this.#endWithUs);
  }

  get stdin(): Writable {
    return this.#child.stdin;
  }

  get stdout(): Readable {
    return this.#child.stdout;
  }

  get stderr(): Readable {
    return this.#child.stderr;
  }

  /** Resolves when it runs; throws as the system does. */
  async started(): Promise<void> {
    if (this.#child.pid === undefined) await once(this.#child, 'spawn');
  }

  /** Called when the process has ended, with what it ended by: `code 1`, `SIGSEGV`. */
  onEnd(listener: (by: string) => void): void {
    this.#child.once('exit', (code, signal) => {
      listener(signal ?? `code ${code}`);
    });
  }

  /** Resolves when the command and its children are gone, or have been killed. */
  async end(): Promise<void> {
    if (this.#child.pid !== undefined) {
      this.stdin.end();
      if (!(await this.#endsInTime())) this.#signal('SIGTERM');
      if (!(await this.#endsInTime())) this.#signal('SIGKILL');
      // The command is gone; what it has left behind goes too.
      this.#signal('SIGKILL');
    }
    process.off('exit', this.#endWithUs);
  }

  async #endsInTime(): Promise<boolean> {
    const hasEnded = (): boolean => this.#child.exitCode !== null || this.#child.signalCode !== null;
    if (hasEnded()) return true;
    const patience = new AbortController();
    const { signal } = patience;
    const ended = once(this.#child, 'exit', { signal });
    await Promise.race([ended, sleep(graceMs, undefined, { signal })]).finally(() => {
      patience.abort();
    });
    ended.catch(() => undefined);
    return hasEnded();
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      if (hasGroups) process.kill(-pid, signal);
      else this.#child.kill(signal);
    } catch {
      // Nobody is left.
    }
  }
}
