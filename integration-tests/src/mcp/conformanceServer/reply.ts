// An answer that is one JSON object.
import type { ServerResponse } from 'node:http';

export interface Reply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export function replyWith(response: ServerResponse, { status, body }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** For what has no id to answer to. */
export function refuse(
  response: ServerResponse,
  status: number,
  error: { readonly code: number; readonly message: string },
): void {
  replyWith(response, { status, body: { jsonrpc: '2.0', error, id: null } });
}
