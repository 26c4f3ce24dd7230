// GET /healthz, /readyz and /metrics: for whoever runs the proxy. They take no credential and tell nothing of calls;
// metrics name servers and tools, so they have a listener of their own.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WireReadiness } from '@cardea/schemas/wire';

export interface ProbeOptions {
  readonly readiness: () => WireReadiness;
  /** Prometheus text, where this listener shows it. */
  readonly metrics?: () => Promise<string>;
}

/** Whether the request was for one of them, and is answered. */
export type Probe = (request: IncomingMessage, response: ServerResponse) => boolean;

const jsonType = 'application/json';

/** Prometheus' text format, 0.0.4. */
const metricsType = 'text/plain; version=0.0.4; charset=utf-8';

export function createProbes({ readiness, metrics }: ProbeOptions): Probe {
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    switch (request.url) {
      case '/healthz':
        send(response, 200, jsonType, JSON.stringify({ ok: true }));
        return true;
      case '/readyz': {
        const state = readiness();
        send(response, state.ready ? 200 : 503, jsonType, JSON.stringify(state));
        return true;
      }
      case '/metrics':
        if (metrics === undefined) return false;
        metrics().then(
          (text) => {
            send(response, 200, metricsType, text);
          },
          () => {
            send(response, 500, jsonType, JSON.stringify({ error: { code: 'internal_fault' } }));
          },
        );
        return true;
      default:
        return false;
    }
  };
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  // Anybody may ask, and nobody who only asked keeps a connection.
  response.shouldKeepAlive = false;
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  });
  response.end(body);
}
