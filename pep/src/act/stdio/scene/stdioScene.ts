// A server on standard streams behind its upstream, for tests: what they call, what they hear, and which processes there are.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Refusal } from '@cardea/schemas/codes';
import { until } from '../../../../test/until.ts';
import { readMessages } from '../../../admit/readMessages.ts';
import { commandDefaults } from '../../../config/stdioServer.ts';
import type { ServerCommand } from '../../../config/serverConfig.ts';
import type { ProxyEvent } from '../../../telemetry/proxyEvent.ts';
import type { UpstreamCall } from '../../upstream.ts';
import type { UpstreamReply } from '../../upstreamReply.ts';
import { Guardian } from '../guardian/guardian.ts';
import { StdioUpstream } from '../stdioUpstream.ts';

const program = fileURLToPath(new URL('../../../../test/stdioServer.ts', import.meta.url));
const limits = { bodyBytesMax: 1_000_000, jsonDepthMax: 64, batchMessagesMax: 10 };

export interface Heard {
  readonly status: number;
  readonly type: string | undefined;
  readonly session: string | undefined;
  readonly text: string;
}

export interface SceneOptions extends Partial<ServerCommand> {
  readonly habits?: readonly string[];
  readonly answerMs?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

export class StdioScene {
  readonly upstream: StdioUpstream;
  readonly events: string[] = [];
  readonly #guardian = new Guardian();

  constructor({ habits = [], answerMs = 5_000, environment = {}, ...command }: SceneOptions = {}) {
    const process_ = {
      words: [process.execPath, program, ...habits] as const,
      ...commandDefaults,
      ...command,
    };
    this.upstream = new StdioUpstream(
      {
        id: 'desk',
        credential: () => undefined,
        timeouts: { connectMs: 1_000, answerMs },
        process: process_,
        environment: () => environment,
      },
      this.#guardian,
      (event: ProxyEvent) => {
        if (event.kind === 'process') this.events.push(event.what);
      },
    );
  }

  async close(): Promise<void> {
    await this.upstream.close();
    this.#guardian.close();
  }

  /** The head of the reply, and what ends it. */
  send(message: object | string | undefined, call: Partial<UpstreamCall> = {}): Promise<UpstreamReply> {
    const text = typeof message === 'object' ? JSON.stringify({ jsonrpc: '2.0', ...message }) : message;
    const body = text === undefined ? undefined : Buffer.from(text);
    return this.upstream.send({
      method: 'POST',
      era: 'legacy',
      caller: 'ann',
      body,
      messages: body === undefined ? [] : readMessages(body, limits).messages,
      signal: { onAbort: () => undefined },
      ...call,
      headers: { accept: 'application/json, text/event-stream', ...call.headers },
    });
  }

  async hear(message: object | string | undefined, call: Partial<UpstreamCall> = {}): Promise<Heard> {
    return readReply(await this.send(message, call));
  }

  /** The id of a session. */
  async open(): Promise<string> {
    const { session = '' } = await this.hear({ id: 'open', method: 'initialize', params: {} });
    await this.hear({ method: 'notifications/initialized' }, inSession(session));
    return session;
  }

  /** The text that a tool answers, or the code. */
  async call(session: string, id: string | number, name: string, args: object = {}): Promise<string> {
    const call = { id, method: 'tools/call', params: { name, arguments: args } };
    return textOf(this.hear(call, inSession(session)));
  }
}

export function inSession(session: string): Partial<UpstreamCall> {
  return { headers: { 'mcp-session-id': session } };
}

export async function textOf(hearing: Promise<Heard>): Promise<string> {
  try {
    const { text } = await hearing;
    return /"text":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1]?.replaceAll('\\"', '"') ?? text;
  } catch (fault) {
    return fault instanceof Refusal ? fault.code : String(fault);
  }
}

export function readReply(reply: UpstreamReply): Promise<Heard> {
  const { rawHeaders, statusCode: status } = reply;
  const header = (name: string): string | undefined => rawHeaders[rawHeaders.indexOf(name) + 1];
  const has = (name: string): boolean => rawHeaders.includes(name);
  const type = has('content-type') ? header('content-type') : undefined;
  const session = has('mcp-session-id') ? header('mcp-session-id') : undefined;
  return new Promise((resolve) => {
    let text = '';
    const end = (more = ''): void => {
      resolve({ status, type, session, text: text + more });
    };
    reply.on('data', (chunk) => (text += chunk.toString('utf8')));
    reply.on('end', end);
    reply.on('error', ({ message }) => {
      end(`broken: ${message}`);
    });
  });
}

/** Processes whose environment has this in it, by their ids. */
export function findProcesses(text: string): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return readFileSync(`/proc/${name}/environ`, 'latin1').includes(text) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

export function untilGone(text: string): Promise<void> {
  return until(() => findProcesses(text).length === 0);
}
