// Clients that have opened sessions and do nothing, in a process of their own: each has one connection, and on it a
// stream where that is to be had. They stay until the process ends.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { answerQuestions } from '../../child/childProcess.ts';
import { AnswerReader, readHead, type Answer } from '../load/answerReader.ts';
import { writeRequest } from '../load/requestBytes.ts';
import { listHeaders, writeInitialize, writeInitialized } from '../workload/calls.ts';
import { exchange } from './exchange.ts';
import type { IdleAnswer, IdleQuestion } from './idle.ts';

/** Opening at once. */
const lanes = 32;

answerQuestions(async (question: IdleQuestion): Promise<IdleAnswer> => {
  let next = 0;
  let streams = 0;
  let refusal: string | undefined;
  const openAll = async (): Promise<void> => {
    while (next < question.sessions) {
      const refused = await openOne(question, next++);
      if (refused === undefined) streams += 1;
      else refusal ??= refused;
    }
  };
  await Promise.all(Array.from({ length: lanes }, openAll));
  return { sessions: question.sessions, streams, ...(refusal === undefined ? {} : { refusal }) };
});

/** Resolves with why its stream was refused. Rejects where there is no session. */
async function openOne({ url, tokens }: IdleQuestion, at: number): Promise<string | undefined> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const headers = listHeaders(tokens[at % tokens.length] ?? '');
  const opened = await post(socket, { url, headers }, writeInitialize());
  const { sessionId } = opened;
  if (opened.status !== 200 || sessionId === undefined)
    throw new Error(`no session was opened: ${opened.status} ${opened.body}`);
  const inSession = { url, headers: { ...headers, 'mcp-session-id': sessionId } };
  const told = await post(socket, inSession, writeInitialized());
  if (told.status !== 202) throw new Error(`the session is not ready: ${told.status} ${told.body}`);
  return openStream(socket, inSession);
}

interface To {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

function post(socket: Socket, to: To, body: string): Promise<Answer> {
  return exchange(socket, writeRequest('POST', to, body).bytes, (bytes) => new AnswerReader().push(bytes));
}

/** The head says that the stream is open: it may be all that ever comes. */
async function openStream(socket: Socket, to: To): Promise<string | undefined> {
  const { bytes: request } = writeRequest('GET', to);
  return exchange(socket, request, (bytes): string | undefined => {
    const head = readHead(bytes);
    return head === undefined ? undefined : head.isEventStream ? '' : bytes.toString('utf8', head.end);
  }).then((refused) => (refused === '' ? undefined : refused));
}
