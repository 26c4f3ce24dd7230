// What a session is to the upstream, whether it has a process of its own or not.
import type { UpstreamCall } from '../upstream.ts';
import type { UpstreamReply } from '../upstreamReply.ts';

export interface StdioSession {
  /** A POST. Rejects with Refusal. */
  ask(call: StdioCall): Promise<UpstreamReply>;
  /** A GET. */
  listen(): UpstreamReply;
  /** Calls are under way, or a stream is open. */
  readonly isBusy: boolean;
  /** Resolves when nothing is left of it. */
  end(): Promise<void>;
}

export interface StdioCall extends Pick<UpstreamCall, 'messages' | 'headers' | 'signal'> {
  readonly body: Buffer;
  /** Headers of its reply. */
  readonly replyHeaders?: readonly string[];
}

export interface SessionOptions {
  /** Until the first line of a reply. */
  readonly timeoutMs: number;
  /** The session is over, whoever ended it. */
  readonly onEnd: () => void;
}

/** Calls that a process works on for one session. */
export const callsMax = 1_024;

export function readsStreams({ accept = '' }: Readonly<Record<string, string>>): boolean {
  return accept.includes('text/event-stream') || accept.includes('*/*');
}

/** Tells a process that nobody waits for an answer any more. */
export function writeCancellation(requestId: string | number, reason: string): Buffer {
  const params = { requestId, reason };
  return Buffer.from(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params }));
}
