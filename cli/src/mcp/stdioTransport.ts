// MCP over the standard streams of a command: one message a line.
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { Failure } from '../frame/failure.ts';
import { ChildProcess } from './childProcess.ts';
import { StrictTransport } from './strictTransport.ts';

/** Of what the command writes to its standard error, the end is kept: it may say why the command gave up. */
const complaintCharactersMax = 2_000;

const lineFeed = 0x0a;
const openingBrace = 0x7b;

export class StdioTransport extends StrictTransport {
  readonly #words: readonly string[];
  readonly #passed: readonly string[];
  #child: ChildProcess | undefined;
  #closing: Promise<void> | undefined;
  #line: Buffer[] = [];
  #complaint = '';

  /** `words` are the command and its arguments, `passed` the names of environment variables for it. */
  constructor(words: readonly string[], passed: readonly string[]) {
    super();
    this.#words = words;
    this.#passed = passed;
  }

  async start(): Promise<void> {
    const child = new ChildProcess(this.#words, this.#passed);
    this.#child = child;
    child.stdin.on('error', () => undefined);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-complaintCharactersMax);
    });
    child.stdout.on('data', (chunk: Buffer) => {
      this.#guard(() => {
        this.#read(chunk);
      });
    });
    child.onEnd((by) => {
      this.#stop(new Failure(`the command ended with ${by} before it had answered`, this.#lastWords()));
    });
    try {
      await child.started();
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      throw new Failure(`cannot run ${this.#words[0] ?? ''}: ${reasons[code] ?? code}`);
    }
  }

  send(message: JSONRPCMessage): Promise<void> {
    this.#child?.stdin.write(`${JSON.stringify(message)}\n`);
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    await this.#child?.end();
    this.onclose?.();
  }

  #read(chunk: Buffer): void {
    if (this.fault !== undefined) return;
    this.spend(chunk.length);
    let start = 0;
    for (let feed = chunk.indexOf(lineFeed); feed >= 0; feed = chunk.indexOf(lineFeed, start)) {
      const line = Buffer.concat([...this.#line, chunk.subarray(start, feed)]);
      this.#line = [];
      start = feed + 1;
      // Some servers greet on standard output: what is no object is no message.
      if (line[0] === openingBrace) this.deliver(line);
    }
    if (start < chunk.length) this.#line.push(chunk.subarray(start));
  }

  #guard(task: () => void): void {
    try {
      task();
    } catch (fault) {
      this.#stop(fault instanceof Failure ? fault : new Failure('the server broke the protocol'));
    }
  }

  #stop(fault: Failure): void {
    this.fault ??= fault;
    void this.close();
  }

  #lastWords(): string | undefined {
    const text = this.#complaint.trim();
    return text === '' ? undefined : `it said:\n${text}`;
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such command',
  EACCES: 'permission denied',
};
