// One connection to the decision service's stream of statements, from its request to its end.
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { makeGuardedConnector, type DialPolicy } from '@cardea/dial';
import type { DecisionEndpoint } from '../config/decisionEndpoint.ts';
import { StatementReader } from './statementReader.ts';

export interface StreamOptions {
  readonly dial: DialPolicy;
  readonly onStatement: (bytes: Uint8Array) => void;
  readonly signal: AbortSignal;
  /** A stream that says nothing for so long is taken for dead: statements come every second. */
  readonly quietMs: number;
}

/** Resolves with the reason for its end, whatever that is; never rejects. */
export async function readStatements(endpoint: DecisionEndpoint, options: StreamOptions): Promise<string> {
  const { onStatement, quietMs } = options;
  try {
    const request = send(endpoint, options);
    request.setTimeout(quietMs, () => {
      request.destroy(new Error(`it was silent for ${quietMs} ms`));
    });
    const response = await answerTo(request);
    const refusal = judge(response);
    if (refusal !== undefined) {
      request.destroy();
      return refusal;
    }
    const reader = new StatementReader();
    for await (const chunk of response) reader.read(chunk as Buffer).forEach(onStatement);
    return 'it ended';
  } catch (fault) {
    const { code, message } = fault as NodeJS.ErrnoException;
    return code ?? message;
  }
}

function send(
  { origin, socketPath, token }: DecisionEndpoint,
  { dial: policy, signal, quietMs }: StreamOptions,
): ClientRequest {
  const bearer = token();
  const connect = makeGuardedConnector({ policy, written: [origin], timeoutMs: quietMs });
  const createConnection = (_: unknown, callback: OnConnection): undefined => {
    connect(origin, (fault, socket) => {
      // With a fault no connection is looked at.
      callback(fault, socket as Socket);
    });
  };
  const send = origin.protocol === 'https:' ? httpsRequest : httpRequest;
  const request = send(new URL('/v1/authority/stream', origin), {
    signal,
    headers: {
      accept: 'text/event-stream',
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer.reveal()}` }),
    },
    // A connection of its own: the pool is for verdicts.
    ...(socketPath === undefined ? { createConnection } : { agent: false, socketPath }),
  });
  request.end();
  return request;
}

type OnConnection = (fault: Error | null, connection: Socket) => void;

function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('response', resolve);
    // Stays: what happens to the connection later ends the reading of the answer.
    request.on('error', reject);
  });
}

function judge({ statusCode, headers }: IncomingMessage): string | undefined {
  if (statusCode !== 200) return `it answered ${statusCode ?? 'nothing'}`;
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  return type === 'text/event-stream' ? undefined : 'it sent no event stream';
}
