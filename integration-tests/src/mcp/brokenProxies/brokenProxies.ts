// Mistakes that proxies make, each as a variation of one that makes none, and the check that has to notice it first of all.
import { endAfter, rewriteParts, rewriteWhole } from './transforms.ts';
import type { Headers, RequestHead, ResponseHead, Variation } from '../variedProxy.ts';

export interface BrokenProxy {
  readonly mistake: string;
  readonly variation: Variation;
  /** The name of a check on the wire; of a scenario after `conformance: `, or of a stop after `tour: `. */
  readonly noticedBy: string;
}

export const brokenProxies: readonly BrokenProxy[] = [
  // Heads of requests.
  {
    mistake: 'drops the header of the protocol version',
    variation: { requestHead: withoutHeader('mcp-protocol-version') },
    noticedBy: 'headers of requests (sessions)',
  },
  {
    mistake: 'drops headers that it does not know',
    variation: { requestHead: withoutHeader('mcp-param-region') },
    noticedBy: 'headers of requests (stateless)',
  },
  {
    mistake: 'drops Mcp-Name',
    variation: { requestHead: withoutHeader('mcp-name') },
    noticedBy: 'conformance: tools-call-simple-text',
  },
  {
    mistake: 'loses the session on the way to the server',
    variation: { requestHead: withoutHeader('mcp-session-id') },
    noticedBy: 'the session of the server',
  },
  {
    mistake: 'drops Last-Event-ID',
    variation: { requestHead: withoutHeader('last-event-id') },
    noticedBy: 'Last-Event-ID',
  },
  {
    mistake: 'strips the Origin',
    variation: { requestHead: withoutHeader('origin') },
    noticedBy: 'a foreign Origin',
  },
  {
    mistake: 'rewrites the Host',
    variation: { requestHead: withHeader('host', 'localhost') },
    noticedBy: 'a foreign Host',
  },
  {
    mistake: 'accepts JSON only',
    variation: { requestHead: withHeader('accept', 'application/json') },
    noticedBy: 'headers of requests (sessions)',
  },
  {
    mistake: 'writes the method in lower case',
    variation: { requestHead: (head) => ({ ...head, method: head.method.toLowerCase() }) },
    noticedBy: 'bytes of requests (sessions)',
  },
  {
    mistake: 'drops the query',
    variation: { requestHead: (head) => ({ ...head, path: head.path.replace(/\?.*$/, '') }) },
    noticedBy: 'the query',
  },
  // Bodies.
  {
    mistake: 'writes requests anew',
    variation: { requestBody: writeAnew },
    noticedBy: 'bytes of requests (stateless)',
  },
  {
    mistake: 'writes answers anew',
    variation: {
      responseBody: onlyIn('application/json', () => rewriteWhole((text) => String(writeAnew(latin1(text))))),
    },
    noticedBy: 'bytes of JSON answers (sessions)',
  },
  {
    mistake: 'normalises Unicode',
    variation: { requestBody: (body) => Buffer.from(String(body).normalize('NFC')) },
    noticedBy: 'bytes of requests (sessions)',
  },
  {
    mistake: 'drops fields of requests that it does not know',
    variation: { requestBody: (body) => Buffer.from(String(body).replace(',"future":{"b":1,"a":2}', '')) },
    noticedBy: 'unknown fields (sessions)',
  },
  {
    mistake: 'cuts large requests',
    variation: { requestBody: (body) => body.subarray(0, 65_536) },
    noticedBy: 'a large request (stateless)',
  },
  // Heads of answers.
  {
    mistake: 'answers everything with 200',
    variation: { responseHead: (head) => ({ ...head, status: 200 }) },
    noticedBy: 'statuses and headers of answers (sessions)',
  },
  {
    mistake: 'answers 200 for 202',
    variation: { responseHead: (head) => ({ ...head, status: head.status === 202 ? 200 : head.status }) },
    noticedBy: 'notifications',
  },
  {
    mistake: 'makes failures of the server its own',
    variation: { responseHead: (head) => ({ ...head, status: head.status >= 500 ? 502 : head.status }) },
    noticedBy: 'statuses and headers of answers (stateless)',
  },
  {
    mistake: 'loses the session on the way to the client',
    variation: { responseHead: droppingHeader('mcp-session-id') },
    noticedBy: 'the session of the server',
  },
  {
    mistake: 'drops Retry-After',
    variation: { responseHead: droppingHeader('retry-after') },
    noticedBy: 'statuses and headers of answers (stateless)',
  },
  {
    mistake: 'calls events JSON',
    variation: {
      responseHead: ({ status, headers }) => ({
        status,
        headers: { ...headers, 'content-type': 'application/json' },
      }),
    },
    noticedBy: 'framing of events (stateless)',
  },
  // Streams.
  {
    mistake: 'waits for the end of a stream',
    variation: { responseBody: () => rewriteWhole((text) => text) },
    noticedBy: 'the first event at once (sessions)',
  },
  {
    mistake: 'holds back the head of a stream',
    variation: { isHeadLate: true },
    noticedBy: 'the head of a stream before its first event',
  },
  {
    mistake: 'gives the last event of a stream as JSON',
    variation: {
      responseHead: ({ status, headers }) => ({
        status,
        headers: { ...headers, 'content-type': 'application/json' },
      }),
      responseBody: onlyIn('application/json', () => rewriteWhole(takeLastData)),
    },
    noticedBy: 'framing of events (sessions)',
  },
  {
    mistake: 'strips the ids of events',
    variation: inEvents((text) => text.replace(/^id:.*\r?\n/gm, '')),
    noticedBy: 'framing of what clients listen to',
  },
  {
    mistake: 'loses the retry field',
    variation: inEvents((text) => text.replace(/^retry:.*\r?\n/gm, '')),
    noticedBy: 'framing of events (sessions)',
  },
  {
    mistake: 'drops comments',
    variation: inEvents((text) => text.replace(/^:.*\r?\n/gm, '')),
    noticedBy: 'framing of events (stateless)',
  },
  {
    mistake: 'joins lines of data',
    variation: inEvents((text) => text.replaceAll('\ndata: "', '"')),
    noticedBy: 'framing of events (sessions)',
  },
  {
    mistake: 'merges events',
    variation: inEvents((text) => text.replaceAll(/\n\n(?=data)/g, '\n')),
    noticedBy: 'framing of what clients listen to',
  },
  {
    mistake: 'writes events anew',
    variation: inEvents((text) =>
      text.replaceAll(/(?<=^data: ).*$/gm, (data) => String(writeAnew(latin1(data)))),
    ),
    noticedBy: 'bytes of events (stateless)',
  },
  {
    mistake: 'ends the stream that clients listen on early',
    variation: { responseBody: (_head, { method }) => (method === 'GET' ? endAfter(100) : undefined) },
    noticedBy: 'a quiet stream stays open',
  },
  {
    mistake: 'swallows that a client leaves',
    variation: { keepsUpstream: true },
    noticedBy: 'leaving a stream (stateless)',
  },
  {
    mistake: 'ends streams properly that the server broke off',
    variation: { hidesBreaks: true },
    noticedBy: 'a stream that breaks (sessions)',
  },
  // Messages that it keeps.
  {
    mistake: 'swallows cancellations',
    variation: { answer: (_head, body) => (body.includes('notifications/cancelled') ? accepted : undefined) },
    noticedBy: 'notifications',
  },
  {
    mistake: 'swallows what clients answer',
    variation: {
      answer: (_head, body) =>
        /^\{"jsonrpc":"2.0","id":"q-1","result"/.test(String(body)) ? accepted : undefined,
    },
    noticedBy: 'a question of the server',
  },
  {
    mistake: 'ignores DELETE',
    variation: { answer: ({ method }) => (method === 'DELETE' ? { status: 204, headers: {} } : undefined) },
    noticedBy: 'the end of a session',
  },
  {
    mistake: 'offers no stream to listen on',
    variation: {
      answer: ({ method }) => (method === 'GET' ? { status: 405, headers: { allow: 'POST' } } : undefined),
    },
    noticedBy: 'tour: resource updated',
  },
];

const accepted: ResponseHead = { status: 202, headers: {} };

function withoutHeader(name: string): (head: RequestHead) => RequestHead {
  return (head) => ({ ...head, headers: omit(head.headers, name) });
}

function withHeader(name: string, value: string): (head: RequestHead) => RequestHead {
  return (head) => ({ ...head, headers: { ...head.headers, [name]: value } });
}

function droppingHeader(name: string): (head: ResponseHead) => ResponseHead {
  return (head) => ({ ...head, headers: omit(head.headers, name) });
}

function omit(headers: Headers, name: string): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));
}

function onlyIn(
  type: string,
  make: () => ReturnType<typeof rewriteWhole>,
): NonNullable<Variation['responseBody']> {
  return ({ headers }) => (String(headers['content-type']).startsWith(type) ? make() : undefined);
}

function inEvents(rewrite: (text: string) => string): Variation {
  return { responseBody: onlyIn('text/event-stream', () => rewriteParts(rewrite)) };
}

/** As JSON.parse and JSON.stringify leave it; what is no JSON stays. */
function writeAnew(body: Buffer): Buffer {
  try {
    return Buffer.from(JSON.stringify(JSON.parse(String(body))));
  } catch {
    return body;
  }
}

function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

function takeLastData(text: string): string {
  const last = text.split('\n').findLast((line) => line.startsWith('data: '));
  return last?.slice('data: '.length) ?? text;
}
