// A server that speaks over its standard streams, as one that speaks Streamable HTTP: `initialize` opens a session, a GET
// listens in it, a DELETE ends it. Messages of the era without sessions go to a process of the caller's own.
import { randomBytes } from 'node:crypto';
import { Refusal } from '@cardea/schemas/codes';
import type { StdioServerConfig } from '../../config/serverConfig.ts';
import type { Report } from '../../telemetry/proxyEvent.ts';
import type { Upstream, UpstreamCall } from '../upstream.ts';
import type { UpstreamReply } from '../upstreamReply.ts';
import { CallerProcess } from './callerProcess.ts';
import type { Guardian } from './guardian/guardian.ts';
import { OwnSession } from './ownSession.ts';
import { ProcessSource } from './processSource.ts';
import type { SessionOptions, StdioSession } from './session.ts';
import { SharedServer } from './sharedServer.ts';
import { emptyReply, refusingReply } from './wholeReply.ts';

interface Kept {
  readonly session: StdioSession;
  usedMs: number;
}

/** How often unused sessions are looked for. */
const idleCheckMs = 1_000;

export class StdioUpstream implements Upstream {
  readonly host = 'localhost';
  readonly config: StdioServerConfig;
  readonly #source: ProcessSource;
  readonly #shared: SharedServer | undefined;
  /** By their ids, and those without an id by their caller. */
  readonly #sessions = new Map<string, Kept>();
  readonly #timer: NodeJS.Timeout;

  constructor(config: StdioServerConfig, guardian: Guardian, report: Report) {
    this.config = config;
    this.#source = new ProcessSource({ config, guardian, report });
    if (config.process.sharing === 'shared')
      this.#shared = new SharedServer(this.#source, config.timeouts.answerMs);
    this.#timer = setInterval(() => {
      this.#endIdle();
    }, idleCheckMs).unref();
  }

  async send(call: UpstreamCall): Promise<UpstreamReply> {
    if (call.era === 'stateless') return this.#askAs(call.caller, call);
    const id = call.headers['mcp-session-id'];
    if (id === undefined) return this.#begin(call);
    const kept = this.#sessions.get(id);
    if (kept === undefined) return refusingReply(404, -32_001, 'there is no such session');
    kept.usedMs = performance.now();
    switch (call.method) {
      case 'POST':
        return kept.session.ask({ ...call, body: call.body ?? empty });
      case 'GET':
        return kept.session.listen();
      case 'DELETE':
        await kept.session.end();
        return emptyReply(200);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([...this.#sessions.values()].map(({ session }) => session.end()));
    await this.#source.close();
  }

  #begin(call: UpstreamCall): Promise<UpstreamReply> {
    const [first] = call.messages;
    if (first?.kind !== 'request' || first.method !== 'initialize')
      return Promise.resolve(
        refusingReply(400, -32_000, 'this server works in sessions: initialize opens one'),
      );
    const id = randomBytes(24).toString('base64url');
    const { session } = this.#keep(id, (options) =>
      this.#shared === undefined ? new OwnSession(this.#source, options) : this.#shared.open(options),
    );
    const told = { ...call, body: call.body ?? empty, replyHeaders: ['mcp-session-id', id] };
    return session.ask(told).catch((fault: unknown) => {
      void session.end();
      throw fault;
    });
  }

  /** What stands for itself needs no session, but what one caller makes the process tell is not for another. */
  #askAs(caller: string, call: UpstreamCall): Promise<UpstreamReply> {
    const key = this.#shared === undefined ? ` ${caller}` : ' ';
    const isOneCaller = this.#shared === undefined;
    const kept =
      this.#sessions.get(key) ??
      this.#keep(key, (options) => new CallerProcess(this.#source, { ...options, isOneCaller }));
    kept.usedMs = performance.now();
    return kept.session.ask({ ...call, body: call.body ?? empty });
  }

  /** Throws Refusal. */
  #keep(key: string, open: (options: SessionOptions) => StdioSession): Kept {
    const { sessionsMax } = this.config.process;
    if (this.#sessions.size >= sessionsMax)
      throw new Refusal('overloaded', `${sessionsMax} sessions of this server are open`);
    const onEnd = (): void => {
      this.#sessions.delete(key);
    };
    const session = open({ timeoutMs: this.config.timeouts.answerMs, onEnd });
    const kept = { session, usedMs: performance.now() };
    this.#sessions.set(key, kept);
    return kept;
  }

  #endIdle(): void {
    const nowMs = performance.now();
    for (const kept of this.#sessions.values()) {
      if (kept.session.isBusy) kept.usedMs = nowMs;
      else if (nowMs - kept.usedMs > this.config.process.idleMs) void kept.session.end();
    }
  }
}

const empty = Buffer.alloc(0);
