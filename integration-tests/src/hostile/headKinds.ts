// Heads that say something else than a JSON body for an endpoint of ours.
import { refusal, refused, type Kind } from './kind.ts';
import { evaluationPath, goodText, request, writeRequest, type RequestParts } from './message.ts';
import type { Random } from './random.ts';

/** AuthZEN has one status for every request that is no request. */
const notAllowedType = refusal('unsupported_media_type', 400);

const withHead = (parts: (random: Random) => RequestParts) => (random: Random) =>
  request({ body: goodText(random), ...parts(random) });

const mediaTypes = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-16',
  'application/json;charset=utf-8;charset=utf-16',
  'application/json, text/plain',
  'application/json-seq',
  'application/vnd.api+json',
  'application',
  '*/*',
  '',
  'text/json',
  'application/json; charset=latin1',
  'application/json; profile=x',
  'x/application/json',
];

const encodings = [
  'gzip',
  'br',
  'deflate',
  'identity, gzip',
  'x',
  'gzip, gzip',
  'aes128gcm',
  'Identity',
  '*',
];

const noRequestLines = [
  'post /x HTTP/1.1',
  'FOO / HTTP/1.1',
  'PRI * HTTP/2.0',
  'POST /x HTTP/9.9',
  'POST /x HTTP/1.2',
  'POST /x HTTP/2',
  'POST /a b HTTP/1.1',
  'POST /x XTTP/1.1',
  ' POST /x HTTP/1.1',
  'POST\t/x HTTP/1.1',
  '\u0016\u0003\u0001\u0002\u0000',
  'POST /\u0080 HTTP/1.1',
  '{}',
];

const noHeaders = [
  'x: a\r\n b',
  'x : a',
  'x: a\0b',
  'x: a\rb',
  ': x',
  'x\u0001: y',
  'x: \u007f',
  'x-request-id: a\u0001b',
  'x-request-id: \u000b',
  'a b: c',
  'x',
];

const noAddresses = [
  '/access/v1/evaluation/',
  '//access/v1/evaluation',
  '/Access/v1/evaluation',
  '/access/v1/./evaluation',
  '/access/v1/x/../evaluation',
  '/access/v1/%65valuation',
  '/access/v1/evaluation%00',
  '/access/v1/%zz',
  '/access/v1/%',
  '/access/v1/evaluation;x',
  '/',
  '*',
  '/v1/bundles',
  '/v1/discover/x',
  '/../../etc/passwd',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/__proto__',
  '/constructor',
  `/${'x'.repeat(8_000)}`,
];

const otherMethods = [
  'GET',
  'PUT',
  'DELETE',
  'PATCH',
  'OPTIONS',
  'TRACE',
  'QUERY',
  'PROPFIND',
  'M-SEARCH',
  'PURGE',
];

const noDigests = [
  'x',
  '__proto__',
  'sha256:',
  `sha256:${'0'.repeat(64)}`,
  `sha256:${'G'.repeat(64)}`,
  '..',
  '%2e%2e%2fhead',
  'sha256:%00',
  'x'.repeat(5_000),
];

const ourPaths = ['/v1/depends', '/v1/discover', '/v1/explain'];

export const headKinds: readonly Kind[] = [
  refused('invalid_request', 'line feeds alone', (random) => ({
    chunks: [
      Buffer.from(
        writeRequest({ body: goodText(random) })
          .toString('latin1')
          .replaceAll('\r\n', '\n'),
        'latin1',
      ),
    ],
  })),
  refused(
    'invalid_request',
    'no request line',
    withHead((random) => ({ line: random.pick(noRequestLines) })),
  ),
  refused(
    'invalid_request',
    'a header that is none',
    withHead((random) => ({ lines: [random.pick(noHeaders)] })),
  ),
  {
    name: 'no host',
    expected: [{ kind: 'bare', status: 400 }],
    make: withHead(() => ({ headers: { host: undefined } })),
  },
  {
    name: 'an expectation that nobody meets',
    expected: [{ kind: 'bare', status: 417 }],
    make: withHead((random) => ({ headers: { expect: random.pick(['x', '200-ok']) } })),
  },
  {
    name: 'another media type',
    expected: [notAllowedType],
    make: withHead((random) => ({ headers: { 'content-type': random.pick(mediaTypes) } })),
  },
  {
    name: 'no media type',
    expected: [notAllowedType],
    make: withHead(() => ({ headers: { 'content-type': undefined } })),
  },
  {
    name: 'two media types',
    expected: [notAllowedType],
    make: withHead(() => ({ lines: ['content-type: text/plain'] })),
  },
  {
    name: 'another encoding',
    expected: [notAllowedType],
    make: withHead((random) => ({ headers: { 'content-encoding': random.pick(encodings) } })),
  },
  refused(
    'unsupported_media_type',
    'another media type at our own endpoints',
    withHead((random) => ({
      path: random.pick(ourPaths),
      headers: { 'content-type': random.pick(mediaTypes) },
    })),
  ),
  refused(
    'not_found',
    'an address that is none',
    withHead((random) => ({ path: random.pick(noAddresses) })),
  ),
  refused(
    'method_not_allowed',
    'another method',
    withHead((random) => ({ line: `${random.pick(otherMethods)} ${evaluationPath} HTTP/1.1` })),
  ),
  refused(
    'method_not_allowed',
    'a body for what takes none',
    withHead((random) => ({ path: random.pick(['/metrics', '/healthz', '/readyz']) })),
  ),
  refused('not_found', 'a bundle that is none', (random) =>
    request({ line: `GET /v1/bundles/${random.pick(noDigests)} HTTP/1.1` }),
  ),
  refused(
    'too_large',
    'one long header',
    withHead((random) => ({ headers: { 'x-padding': 'x'.repeat(random.between(16_384, 60_000)) } })),
  ),
  refused(
    'too_large',
    'a flood of headers',
    withHead((random) => ({
      lines: Array.from({ length: random.between(2_500, 10_000) }, (_, at) => `x-${at}: y`),
    })),
  ),
  refused(
    'too_large',
    'a long address',
    withHead((random) => ({ path: `/${'x'.repeat(random.between(17_000, 60_000))}` })),
  ),
];
