// Replies that are whole at once.
import { UpstreamReply } from '../upstreamReply.ts';

const nobody = { pause: () => undefined, resume: () => undefined, abort: () => undefined };

export function jsonReply(status: number, body: Buffer, headers: readonly string[] = []): UpstreamReply {
  const reply = new UpstreamReply(status, ['content-type', 'application/json', ...headers], nobody);
  reply.push(body);
  reply.finish();
  return reply;
}

/** As a server of Streamable HTTP says it: an error about no request. */
export function refusingReply(status: number, code: number, message: string): UpstreamReply {
  const error = { jsonrpc: '2.0', id: null, error: { code, message } };
  return jsonReply(status, Buffer.from(JSON.stringify(error)));
}

export function emptyReply(status: number): UpstreamReply {
  const reply = new UpstreamReply(status, [], nobody);
  reply.finish();
  return reply;
}
