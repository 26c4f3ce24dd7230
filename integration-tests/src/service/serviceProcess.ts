// A decision service in a process of its own, over a test archive: what a test can load, measure and kill.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LogEvent } from '@cardea/pdp';
import { formatVerifierKey } from '@cardea/schemas/note';
import { get, makeCallers, post, tokens, type Reply } from '../../../pdp/test/client.ts';
import type { TestArchive } from '../../../pdp/test/testArchive.ts';
import type { FromService, ServiceOrder, ToService } from './runService.ts';

const program = fileURLToPath(new URL('runService.ts', import.meta.url));

export class ServiceProcess {
  readonly events: LogEvent[] = [];
  readonly #child: ChildProcess;
  #address = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (message: FromService) => {
      if (message.kind === 'log') this.events.push(message.event);
    });
  }

  /** Rejects with what the service says when it cannot start. */
  static async start(archive: TestArchive, changes: Partial<ServiceOrder> = {}): Promise<ServiceProcess> {
    const service = new ServiceProcess(fork(program, { execArgv: ['--no-warnings'] }));
    service.#send({ kind: 'start', order: { ...writeOrder(archive), ...changes } });
    const answer = await service.#hear('started', 'failed');
    if (answer.kind !== 'started') throw new Error(answer.kind === 'failed' ? answer.message : answer.kind);
    service.#address = answer.address;
    return service;
  }

  get address(): string {
    return this.#address;
  }

  get port(): number {
    return Number(new URL(this.#address).port);
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  post(path: string, body: unknown, token: string = tokens.author): Promise<Reply> {
    return post(`${this.#address}${path}`, body, { token });
  }

  get(path: string): Promise<Reply> {
    return get(`${this.#address}${path}`);
  }

  /** One sample of a metric over all its labels; 0 where nothing was counted. */
  async readMetric(name: string): Promise<number> {
    const headers = { authorization: `Bearer ${tokens.author}` };
    const text = await (await fetch(`${this.#address}/metrics`, { headers })).text();
    const samples = text
      .split('\n')
      .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
    return samples.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  async measureMemory(): Promise<number> {
    this.#send({ kind: 'measure' });
    const answer = await this.#hear('memory');
    return answer.kind === 'memory' ? answer.rssBytes : 0;
  }

  /** It stands still, and its connections stay open. */
  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child.kill('SIGCONT');
  }

  /** Lets it come to its end. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (!this.isAlive) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill(signal);
    await exited;
  }

  #send(message: ToService): void {
    this.#child.send(message);
  }

  /** The next message of these kinds. Never settles for a process that ends without a word. */
  #hear(...kinds: readonly FromService['kind'][]): Promise<FromService> {
    return new Promise((resolve) => {
      const listen = (message: FromService): void => {
        if (!kinds.includes(message.kind)) return;
        this.#child.off('message', listen);
        resolve(message);
      };
      this.#child.on('message', listen);
    });
  }
}

function writeOrder(archive: TestArchive): ServiceOrder {
  const { verifiers, organisation, profile, engines, guardrails } = archive.trust;
  return {
    archive: archive.directory,
    organisation,
    profile,
    publishers: verifiers.map(formatVerifierKey),
    authorities: archive.authorityVerifiers.map(formatVerifierKey),
    engines: [...engines],
    guardrails: [...guardrails],
    callers: makeCallers(
      ['github', 'stripe'],
      [{ type: 'Person', id: 'carol', properties: { groups: ['support'] } }],
    ),
    pollMs: 25,
    workers: 2,
  };
}
