// One connection, more or fewer messages than it seems.
import type { RequestParts } from '../../hostile/message.ts';
import type { WireMessage } from '../../hostile/wire.ts';
import { callOf, passed, writePost, type Attack } from './attack.ts';

const good = callOf('{"amount":1}');
const hidden = callOf('{}', 'hidden');

function chunked(body: string, parts: RequestParts = {}, end = '0\r\n\r\n'): RequestParts {
  const size = Buffer.byteLength(body).toString(16);
  const headers = { 'content-length': undefined, 'transfer-encoding': 'chunked', ...parts.headers };
  return { ...parts, headers, body: `${size}\r\n${body}\r\n${end}` };
}

const raw = (wanted: readonly string[], name: string, parts: readonly RequestParts[]): Attack => ({
  name,
  wanted,
  make: (): WireMessage => ({ chunks: [Buffer.concat(parts.map(writePost))], answers: wanted.length }),
});

export const framingAttacks: readonly Attack[] = [
  passed('a body in chunks', chunked(good)),
  raw(['200 passed'], 'a body in chunks with trailers', [
    chunked(good, {}, '0\r\nMcp-Name: hidden\r\nAuthorization: Bearer token-of-bob\r\n\r\n'),
  ]),
  raw(['400'], 'a length and chunks', [chunked(good, { headers: { 'content-length': '5' } })]),
  raw(['400'], 'two lengths', [{ body: good, lines: ['Content-Length: 5'] }]),
  raw(['400'], 'a length with a sign', [{ body: good, headers: { 'content-length': `+${good.length}` } }]),
  raw(['400'], 'chunks of no size', [chunked(good, {}, 'x\r\n\r\n')]),
  raw(['415 unsupported_media_type -32600'], 'another coding', [
    chunked(good, { headers: { 'transfer-encoding': 'gzip, chunked' } }),
  ]),
  raw(['400'], 'a folded header', [{ body: good, lines: ['X: a', ' Mcp-Name: hidden'] }]),
  raw(['400'], 'a space before a colon', [{ body: good, lines: ['Mcp-Name : refund'] }]),
  raw(['400'], 'a line that ends early', [{ body: good, lines: ['X: a\nMcp-Name: hidden'] }]),
  raw(['400'], 'a NUL in a header', [{ body: good, lines: ['X: a\0b'] }]),
  raw(['200 passed', '200 not_offered -32602'], 'two requests in one write', [
    { body: good },
    { body: hidden },
  ]),
  // Whoever has no credential has no connection either.
  raw(['401 unauthenticated -32600'], 'one without a credential, and one behind it', [
    { body: hidden, headers: { authorization: undefined } },
    { body: good },
  ]),
  raw(['413 too_large -32600', '200 passed'], 'one that is too large, and one behind it', [
    { body: `"${'x'.repeat(1024 * 1024 + 10)}"` },
    { body: good },
  ]),
  // Node answers what stands behind it before we answer what it is.
  raw(['400'], 'a body that is longer than it says', [
    { body: good, headers: { 'content-length': String(good.length - 1) } },
  ]),
  raw(['400 invalid_json -32600', '200 passed'], 'a body that holds another request', [
    { body: writePost({ body: hidden }) },
    { body: good },
  ]),
  raw(['200 passed'], 'a GET that carries a call', [
    { line: 'POST /desk/mcp HTTP/1.1', body: good, headers: { 'x-http-method-override': 'DELETE' } },
  ]),
];
