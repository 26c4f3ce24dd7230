// A server as a process of ours: lines to its input, lines from its output. It leads a group of its own, gets the
// environment that it is given and no more, and ends with all that it has started.
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Refusal } from '@cardea/schemas/codes';
import type { ServerCommand } from '../../config/serverConfig.ts';
import type { Guardian } from './guardian/guardian.ts';
import { markName } from './guardian/markedProcesses.ts';
import { signalGroup } from './guardian/endProcesses.ts';
import { LineSplitter } from './lineSplitter.ts';

export interface ProcessListener {
  readonly onLine: (line: Buffer) => void;
  readonly onTooLong: () => void;
  /** Once, whoever ended it. Nothing comes after it. */
  readonly onEnd: () => void;
}

export interface ProcessSetup {
  readonly command: ServerCommand;
  readonly environment: Readonly<Record<string, string>>;
  readonly guardian: Guardian;
  readonly lineBytesMax: number;
}

/** What it has not read yet. Whoever reads nothing gets no more. */
const unreadBytesMax = 16 * 1024 * 1024;

/** How long it may take to end by itself, first after its input has ended, then after SIGTERM. */
const graceMs = 1_500;

/** How long what it has written is read after its end, where something else holds its output open. */
const lastWordsMs = 200;

export class ServerProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #guardian: Guardian;
  readonly #mark: string;
  readonly #gone: Promise<void>;
  #holds = 0;
  #hasEnded = false;
  #wasEnded = false;
  #isFinished = false;
  #ending: Promise<void> | undefined;

  /** Throws Refusal `upstream_unavailable` where it cannot be started. */
  constructor({ command, environment, guardian, lineBytesMax }: ProcessSetup, listener: ProcessListener) {
    guardian.requireStanding();
    this.#guardian = guardian;
    this.#mark = guardian.makeMark();
    this.#child = start(command, { ...environment, [markName]: this.#mark });
    const { pid } = this.#child;
    if (pid !== undefined) guardian.watch(pid);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#gone = promise;
    const finish = (): void => {
      if (this.#isFinished) return;
      this.#isFinished = true;
      this.#child.stdout.destroy();
      this.#child.stderr.destroy();
      listener.onEnd();
    };
    const end = (): void => {
      this.#hasEnded = true;
      resolve(undefined);
      void this.end();
      // What it wrote last is still to be read.
      setTimeout(finish, lastWordsMs);
    };
    this.#child.on('error', end);
    this.#child.on('exit', end);
    this.#child.on('close', finish);
    this.#child.stdin.on('error', () => undefined);
    // It is read, so that the process can go on, and not kept: it may say anything.
    this.#child.stderr.on('error', () => undefined).resume();
    const splitter = new LineSplitter(lineBytesMax, listener.onTooLong);
    this.#child.stdout.on('error', () => undefined);
    this.#child.stdout.on('data', (chunk: Buffer) => {
      for (const line of splitter.split(chunk)) if (!this.#isFinished) listener.onLine(line);
    });
  }

  /** Throws Refusal `overloaded` where it has left too much unread, and `upstream_unavailable` where it is gone. */
  write(line: Buffer): void {
    const { stdin } = this.#child;
    if (this.#hasEnded || stdin.writableEnded)
      throw new Refusal('upstream_unavailable', 'the server has ended');
    if (stdin.writableLength > unreadBytesMax)
      throw new Refusal('overloaded', 'the server does not read what it is sent');
    stdin.write(Buffer.concat([line, lineFeed]));
  }

  hold(): void {
    this.#holds += 1;
    this.#child.stdout.pause();
  }

  release(): void {
    this.#holds -= 1;
    if (this.#holds === 0) this.#child.stdout.resume();
  }

  /** We wanted its end before it came. */
  get wasEnded(): boolean {
    return this.#wasEnded;
  }

  /** Resolves when nothing is left of it. */
  end(): Promise<void> {
    this.#wasEnded ||= !this.#hasEnded;
    return (this.#ending ??= this.#end());
  }

  async #end(): Promise<void> {
    const { pid, stdin, stdout } = this.#child;
    if (pid === undefined) return;
    // A process that waits to write would not notice.
    stdout.resume();
    stdin.end();
    if (!(await this.#endsInTime())) signalGroup(pid, 'SIGTERM');
    if (!(await this.#endsInTime())) signalGroup(pid, 'SIGKILL');
    await this.#gone;
    // What it has started goes too, wherever that has gone.
    signalGroup(pid, 'SIGKILL');
    await this.#guardian.sweep(this.#mark);
    this.#guardian.forget(pid);
  }

  async #endsInTime(): Promise<boolean> {
    if (this.#hasEnded) return true;
    const patience = new AbortController();
    const late = delay(graceMs, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([this.#gone, late]);
    patience.abort();
    return this.#hasEnded;
  }
}

const lineFeed = Buffer.from('\n');

function start(
  { words: [program, ...args], cwd, uid, gid }: ServerCommand,
  env: Readonly<Record<string, string>>,
): ChildProcessByStdio<Writable, Readable, Readable> {
  try {
    return spawn(program, args, {
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
      shell: false,
      detached: true,
      windowsHide: true,
      ...(cwd === undefined ? {} : { cwd }),
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    });
  } catch (cause) {
    throw new Refusal('upstream_unavailable', 'the server cannot be started', { cause });
  }
}
