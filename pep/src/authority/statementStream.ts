// One connection to the decision service's stream of statements, from its request to its end.
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { DecisionEndpoint } from '../config/decisionEndpoint.ts';
import { StatementReader } from './statementReader.ts';

export interface StreamOptions {
  readonly onStatement: (bytes: Uint8Array) => void;
  readonly signal: AbortSignal;
  /** A stream that says nothing for so long is taken for dead: statements come every second. */
  readonly quietMs: number;
}

/** Resolves with the reason for its end, whatever that is; never rejects. */
export async function readStatements(endpoint: DecisionEndpoint, options: StreamOptions): Promise<string> {
  const { onStatement, signal, quietMs } = options;
  try {
    const request = send(endpoint, signal);
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

function send({ origin, socketPath, token }: DecisionEndpoint, signal: AbortSignal): ClientRequest {
  const bearer = token();
  const send = origin.protocol === 'https:' ? httpsRequest : httpRequest;
  const request = send(new URL('/v1/authority/stream', origin), {
    // A connection of its own: the pool is for verdicts.
    agent: false,
    signal,
    headers: {
      accept: 'text/event-stream',
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer.reveal()}` }),
    },
    ...(socketPath === undefined ? {} : { socketPath }),
  });
  request.end();
  return request;
}

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
