// A decision service over a test archive, and the calls that tests make to it.
import { startDecisionService, type DecisionService, type DecisionServiceOptions } from '../src/index.ts';
import type { LogEvent } from '../src/telemetry/log.ts';
import { get, makeCallers, post, type Reply } from './client.ts';
import type { TestArchive } from './testArchive.ts';

type Changes = Partial<DecisionServiceOptions>;

export class TestService {
  readonly events: LogEvent[];
  readonly #service: DecisionService;

  private constructor(service: DecisionService, events: LogEvent[]) {
    this.#service = service;
    this.events = events;
  }

  static async start(archive: TestArchive, changes: Changes = {}): Promise<TestService> {
    const events: LogEvent[] = [];
    const service = await startDecisionService({
      source: archive.archive,
      trust: archive.trust,
      authority: { verifiers: archive.authorityVerifiers },
      callers: makeCallers(['github', 'stripe']),
      workers: 2,
      pollMs: 25,
      log: (event) => events.push(event),
      ...changes,
    });
    return new TestService(service, events);
  }

  get address(): string {
    return this.#service.address;
  }

  post(path: string, body: unknown, options?: Parameters<typeof post>[2]): Promise<Reply> {
    return post(`${this.address}${path}`, body, options);
  }

  get(path: string, token?: string): Promise<Reply> {
    return get(`${this.address}${path}`, token);
  }

  evaluate(body: unknown, token?: string): Promise<Reply> {
    return this.post('/access/v1/evaluation', body, token === undefined ? {} : { token });
  }

  close(): Promise<void> {
    return this.#service.close();
  }
}

/** Tries until the condition holds; fails the test when it never does. */
export async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  throw new Error('what was waited for did not happen');
}

const attemptsMax = 400;
const pauseMs = 25;
