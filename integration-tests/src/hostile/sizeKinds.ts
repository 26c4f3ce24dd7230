// Requests that are large in every way in which one can be.
import type { Code } from '@cardea/schemas/codes';
import { callOf, facts, person } from '../../../pdp/test/mcpSources.ts';
import { refused, type Kind } from './kind.ts';
import {
  evaluationPath,
  evaluationsPath,
  goodCall,
  goodText,
  post,
  postText,
  request,
  textWithMembers,
  textWithTitle,
} from './message.ts';
import type { Random } from './random.ts';
import type { WireMessage } from './wire.ts';

const bodyBytesMax = 1024 * 1024;
const nodesMax = 100_000;
const hugeBytes = 10 * 1000 * 1000;
const pieceBytes = 64 * 1024;

/** Costs a tenth of a second each on a slow machine. */
const timesMax = 16;

const endless = Buffer.alloc(pieceBytes, 0x20);
const pieces = Array<Buffer>(Math.ceil(hugeBytes / pieceBytes)).fill(endless);

function huge(path = evaluationPath, headers: Record<string, string> = {}): WireMessage {
  const length = String(pieces.length * pieceBytes);
  return {
    chunks: [...request({ path, headers: { 'content-length': length, ...headers } }).chunks, ...pieces],
  };
}

function hugeInChunks(): WireMessage {
  const head = request({ headers: { 'content-length': undefined, 'transfer-encoding': 'chunked' } });
  const size = Buffer.from(`${pieceBytes.toString(16)}\r\n`);
  return { chunks: [...head.chunks, ...pieces.flatMap((piece) => [size, piece, Buffer.from('\r\n')])] };
}

const manyMembers = Array.from({ length: nodesMax }, (_, at) => `"${at.toString(36)}":0`).join(',');
const manyValues = `[${'0,'.repeat(nodesMax)}0]`;
const manyArrays = `[${'[],'.repeat(nodesMax)}[]]`;

/** Elements of a batch beside what is wrong with each: its own denial, whatever stands beside it. */
const elements: readonly [Code, unknown][] = [
  ['allowed', {}],
  ['allowed', { unknown: true }],
  ['invalid_request', null],
  ['invalid_request', 1],
  ['invalid_request', 'x'],
  ['invalid_request', []],
  ['invalid_request', { subject: 1 }],
  ['invalid_request', { subject: { type: 'Person', id: '' } }],
  ['invalid_request', { context: [] }],
  ['invalid_request', { resource: { type: '__proto__', id: 'x' } }],
  ['unknown_tool', { resource: { type: 'Tool', id: 'github/\0' } }],
  ['bundle_changed', { bundle: 'x' }],
  ['missing_argument', { context: facts }],
  ['reserved_key', { context: { ...facts, input: { title: { __entity: 1 } } } }],
  ['folded_key', { context: { ...facts, input: { TITLE: 'x' } } }],
  ['undeclared_argument', { context: { ...facts, input: { title: 'x', more: 1 } } }],
  ['default_deny', { subject: person('nobody') }],
  ['facts_needed', { resource: { type: 'Tool', id: 'github/search_code' }, context: {} }],
];

function mixedBatch(random: Random, codes: readonly number[]): WireMessage {
  const evaluations = codes.map((index) => elements[index]?.[1]);
  return post({ ...goodCall(random), evaluations }, evaluationsPath);
}

/** Batches are drawn beforehand, since what comes back depends on what is in them. */
const mixes = Array.from({ length: 24 }, (_, mix) =>
  Array.from({ length: 2 + mix * 4 }, (_, at) => (at * 7 + mix * 5) % elements.length),
);

export const sizeKinds: readonly Kind[] = [
  refused('too_large', 'a body of 10 MB', () => huge(), { timesMax }),
  refused('too_large', 'a body of 10 MB in chunks', hugeInChunks, { timesMax }),
  refused('too_large', 'a batch of 10 MB', () => huge(evaluationsPath), { timesMax }),
  refused(
    'unauthenticated',
    'a body of 10 MB from a stranger',
    () => huge(evaluationPath, { authorization: 'Bearer x' }),
    { timesMax },
  ),
  refused('not_found', 'a body of 10 MB to nowhere', () => huge('/nowhere'), { timesMax }),
  refused('too_large', 'a body that claims to be huge', (random) =>
    request({
      headers: { 'content-length': random.pick(['1048577', '10000000', '1000000000000000']) },
      body: '{',
    }),
  ),
  refused(
    'too_large',
    'a body just past the limit',
    (random) => {
      const text = goodText(random);
      return postText(text + ' '.repeat(bodyBytesMax + random.between(1, 9) - text.length));
    },
    { timesMax },
  ),
  refused(
    'too_large',
    'more values than fit',
    (random) => postText(textWithMembers(random, `"x":${manyValues}`)),
    { timesMax },
  ),
  refused('too_large', 'more members than fit', (random) => postText(textWithMembers(random, manyMembers)), {
    timesMax,
  }),
  refused(
    'too_large',
    'more empty arrays than fit',
    (random) => postText(textWithTitle(random, manyArrays)),
    { timesMax },
  ),
  refused(
    'too_large',
    'a batch of 10,000',
    (random) => post({ ...goodCall(random), evaluations: Array(10_000).fill({}) }, evaluationsPath),
    { timesMax },
  ),
  refused('too_large', 'a batch just past the limit', (random) =>
    post(
      {
        ...goodCall(random),
        evaluations: Array(random.between(257, 300)).fill(
          random.pick([{}, null, callOf('github/create_issue', {})]),
        ),
      },
      evaluationsPath,
    ),
  ),
  refused(
    'too_large',
    'a discovery of more than it may name',
    (random) =>
      post(
        {
          subject: person('x'),
          resources: Array(random.between(2_049, 3_000)).fill({ type: 'Tool', id: 'x' }),
        },
        '/v1/discover',
      ),
    { timesMax },
  ),
  ...mixes.map((mix): Kind => ({
    name: `a batch of ${mix.length} with bad ones among them`,
    expected: [{ kind: 'batch', codes: mix.map((index) => (elements[index] as [Code, unknown])[0]) }],
    make: (random) => mixedBatch(random, mix),
  })),
];
