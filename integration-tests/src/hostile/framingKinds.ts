// Bodies whose end two readers would see at different places: request smuggling in all its shapes (RFC 9112, 6.3).
import { refusal, refused, type Kind } from './kind.ts';
import { chunked, goodText, postText, request, writeRequest } from './message.ts';
import type { Random } from './random.ts';

/** A head in which the length of the body is said otherwise than once, in digits. */
const framed = (lines: (length: number) => readonly string[]) => (random: Random) => {
  const body = goodText(random);
  return request({ headers: { 'content-length': undefined }, lines: lines(body.length), body });
};

const inChunks = (write: (text: string, random: Random) => string) => (random: Random) =>
  request({
    headers: { 'content-length': undefined, 'transfer-encoding': 'chunked' },
    body: write(goodText(random), random),
  });

const lengths = ['-1', '+5', '0x10', '5, 5', '1e3', '99999999999999999999', '5 5', '', '5;', 'five', '１０'];

const transferCodings = [
  'chunked, identity',
  'xchunked',
  'identity',
  'chunked, chunked',
  '\u000bchunked',
  'chunked;x',
  '"chunked"',
  'x',
];

const sizes = ['zz', '-5', '+5', '0x5', 'fffffffffffffffff', '5 ', ' 5', ''];

export const framingKinds: readonly Kind[] = [
  refused(
    'invalid_request',
    'both a length and chunks',
    framed((length) => [`content-length: ${length}`, 'transfer-encoding: chunked']),
  ),
  refused(
    'invalid_request',
    'both chunks and a length',
    framed((length) => ['transfer-encoding: chunked', `content-length: ${length}`]),
  ),
  refused(
    'invalid_request',
    'two lengths',
    framed((length) => [`content-length: ${length}`, `content-length: ${length + 1}`]),
  ),
  refused(
    'invalid_request',
    'the same length twice',
    framed((length) => [`content-length: ${length}`, `content-length: ${length}`]),
  ),
  refused('invalid_request', 'a length that is no number', (random) =>
    request({ headers: { 'content-length': random.pick(lengths) }, body: goodText(random) }),
  ),
  refused(
    'invalid_request',
    'two transfer codings',
    framed(() => ['transfer-encoding: chunked', 'transfer-encoding: identity']),
  ),
  refused('invalid_request', 'a transfer coding that does not end in chunks', (random) =>
    chunked(goodText(random), random.pick(transferCodings)),
  ),
  {
    name: 'another coding around the chunks',
    expected: [refusal('unsupported_media_type', 400)],
    make: (random) =>
      chunked(goodText(random), random.pick(['gzip, chunked', 'x, chunked', 'deflate,chunked'])),
  },
  refused(
    'invalid_request',
    'a chunk without a size',
    inChunks((text, random) => `${random.pick(sizes)}\r\n${text}\r\n0\r\n\r\n`),
  ),
  refused(
    'invalid_request',
    'a chunk longer than its size',
    inChunks((text) => `5\r\n${text}\r\n0\r\n\r\n`),
  ),
  {
    name: 'a body longer than its length, which is the next request',
    expected: [refusal('invalid_request')],
    make: (random) => {
      const body = goodText(random);
      return { ...request({ headers: { 'content-length': String(body.length - 5) }, body }), answers: 2 };
    },
  },
  refused('invalid_json', 'a request inside the body of another', (random) =>
    postText(writeRequest({ body: goodText(random) })),
  ),
];
