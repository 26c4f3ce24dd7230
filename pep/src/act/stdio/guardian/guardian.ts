// The process that ends our servers should we be killed, and who to ask for the end of whatever has left its group. One for
// all servers of this process; it is started with the first of them and goes with the last of us.
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Refusal } from '@cardea/schemas/codes';
import { killMarked } from './endProcesses.ts';

const program = fileURLToPath(new URL('main.ts', import.meta.url));

/** It is small: it holds a list of numbers. */
const nodeOptions = ['--max-old-space-size=32', '--max-semi-space-size=1'];

/** One that cannot live is not started for ever. */
const startsMax = 10;

type Running = ChildProcessByStdio<Writable, null, null>;

export class Guardian {
  readonly #prefix = `${randomUUID()}/`;
  readonly #groups = new Set<number>();
  #running: Running | undefined;
  #starts = 0;
  #count = 0;
  #sweeping: Promise<void> | undefined;
  #marks = new Set<string>();

  /** Another for each process that is started. */
  makeMark(): string {
    this.#count += 1;
    return `${this.#prefix}${this.#count}`;
  }

  /** Throws Refusal `upstream_unavailable` where nobody would end it in our place. */
  requireStanding(): void {
    this.#running ??= this.#start();
    if (this.#running === undefined)
      throw new Refusal(
        'upstream_unavailable',
        'no server can be started: nobody could end it should we be killed',
      );
  }

  /** A process that leads its own group. */
  watch(group: number): void {
    this.#groups.add(group);
    this.#running?.stdin.write(`+${group}\n`);
  }

  forget(group: number): void {
    this.#groups.delete(group);
    this.#running?.stdin.write(`-${group}\n`);
  }

  /** Ends all that carries the mark. One look at the machine serves all who ask meanwhile. */
  async sweep(mark: string): Promise<void> {
    this.#marks.add(mark);
    while (this.#marks.has(mark)) {
      this.#sweeping ??= this.#sweepAll().finally(() => {
        this.#sweeping = undefined;
      });
      await this.#sweeping;
    }
  }

  async #sweepAll(): Promise<void> {
    const marks = new Set(this.#marks);
    await killMarked((mark) => marks.has(mark), this.#prefix);
    for (const mark of marks) this.#marks.delete(mark);
  }

  #start(): Running | undefined {
    if (this.#starts >= startsMax) return undefined;
    this.#starts += 1;
    const child = spawn(process.execPath, [...nodeOptions, program, this.#prefix], {
      stdio: ['pipe', 'ignore', 'ignore'],
      env: {},
      cwd: '/',
      // Whoever ends our group does not mean it.
      detached: true,
      windowsHide: true,
    });
    const gone = (): void => {
      if (this.#running !== child) return;
      this.#running = undefined;
      if (this.#groups.size > 0) this.#running = this.#start();
    };
    child.on('error', gone);
    child.on('exit', gone);
    child.stdin.on('error', () => undefined);
    child.unref();
    (child.stdin as Writable & { unref?: () => void }).unref?.();
    for (const group of this.#groups) child.stdin.write(`+${group}\n`);
    return child.pid === undefined ? undefined : child;
  }

  /** It goes when there is nothing left to watch. */
  close(): void {
    this.#running?.stdin.end();
    this.#running = undefined;
  }
}
