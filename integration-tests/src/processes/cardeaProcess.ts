// The cardea command as processes of its own, which never outlive their test.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';

export const repository = fileURLToPath(new URL('../../..', import.meta.url));
const command = fileURLToPath(new URL('../../../cli/bin/cardea.js', import.meta.url));

/** Between two looks at something that is awaited. */
const lookMs = 20;

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface StartOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

const running = new Set<CardeaProcess>();

export class CardeaProcess {
  out = '';
  err = '';
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  constructor(words: readonly string[], { cwd, env = {} }: StartOptions) {
    this.#child = spawn(process.execPath, [command, ...words], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.out += text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.err += text));
    this.#ended = once(this.#child, 'close').finally(() => running.delete(this));
    running.add(this);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves with the first match in what it has written, on either stream. Rejects when it ends without. */
  async until(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(`${this.out}\n${this.err}`);
      if (found !== null) return found[1] ?? found[0];
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        throw new Error(`it ended before ${String(pattern)}:\n${this.out}\n${this.err}`);
      }
      await delay(lookMs);
    }
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    this.#child.kill(signal);
    return this.ended();
  }

  async ended(): Promise<Ended> {
    await this.#ended;
    return { code: this.#child.exitCode, out: this.out, err: this.err };
  }
}

/** Runs to its end. */
export function cardea(words: readonly string[], options: StartOptions): Promise<Ended> {
  return new CardeaProcess(words, options).ended();
}

/** For afterEach: whatever a failed test has left. */
export async function endAll(): Promise<void> {
  await Promise.all([...running].map((child) => child.end('SIGKILL')));
}

/** Looks until it is so; the test's own timeout ends a wait that is in vain. */
export async function waitFor<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await delay(lookMs);
  }
}
