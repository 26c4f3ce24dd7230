// A client of a command on its standard streams, as bare as can be: lines in, lines out.
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

const answerMsMax = 30_000;

export class StdioPeer {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #waiting = new Map<string, (line: string) => void>();
  /** Everything that answered nothing. */
  readonly others: string[] = [];
  err = '';

  constructor(
    [program = '', ...args]: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ) {
    const env = { ...process.env, ...environment };
    this.#child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env });
    let rest = '';
    this.#child.stdin.on('error', () => undefined);
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.err += text));
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#take(line);
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get exitCode(): number | null {
    return this.#child.exitCode;
  }

  write(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  /** The line that answers this one, whose id it has. */
  ask(id: number | string, line: string): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const timer = setTimeout(reject, answerMsMax, new Error(`no answer to ${line}\n${this.err}`));
    this.#waiting.set(JSON.stringify(id), resolve);
    this.write(line);
    return promise.finally(() => {
      clearTimeout(timer);
    });
  }

  async open(): Promise<string> {
    const params = {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'peer', version: '1' },
    };
    const answer = await this.ask(0, JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params }));
    this.write('{"jsonrpc":"2.0","method":"notifications/initialized"}');
    return answer;
  }

  /** Ends its input. Resolves with its exit code. */
  async end(): Promise<number | null> {
    this.#child.stdin.end();
    return this.ended();
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async ended(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
    return this.#child.exitCode;
  }

  #take(line: string): void {
    const { id, method } = JSON.parse(line) as { id?: unknown; method?: unknown };
    const key = JSON.stringify(id);
    const answer = method === undefined ? this.#waiting.get(key) : undefined;
    this.#waiting.delete(key);
    if (answer === undefined) this.others.push(line);
    else answer(line);
  }
}
