// Senders that stop, that are slow, or that send several requests at once.
import { refusal, refused, type Expected, type Kind } from './kind.ts';
import { goodText, request, writeRequest } from './message.ts';

const good: Expected = { kind: 'bare', status: 200 };

/** Each takes as long as the service waits. */
const timesMax = 8;
const pauseMs = 100;

const slowHead = 'POST /access/v1/evaluation HTTP/1.1\r\nhost: pdp.example\r\nx-padding: xxxxxxxxxxxxxx';

const bytesOf = (bytes: Buffer): Buffer[] => Array.from(bytes, (byte) => Buffer.from([byte]));

export const senderKinds: readonly Kind[] = [
  refused('invalid_request', 'a body that ends early', (random) => ({
    ...request({ headers: { 'content-length': '5000' }, body: goodText(random) }),
    closes: true,
  })),
  refused('invalid_request', 'a head that ends early', (random) => ({
    chunks: [writeRequest({}).subarray(0, random.between(1, 60))],
    closes: true,
  })),
  { name: 'nothing at all', expected: [], make: () => ({ chunks: [], closes: true }) },
  {
    name: 'a tunnel',
    expected: [],
    make: () => ({ chunks: [Buffer.from('CONNECT 169.254.169.254:80 HTTP/1.1\r\nhost: x\r\n\r\n')] }),
  },
  {
    name: 'a bad one between two good ones on one connection',
    expected: [good, refusal('invalid_json'), good],
    make: (random) => {
      const bodies = [goodText(random), '{', goodText(random)];
      return { chunks: [Buffer.concat(bodies.map((body) => writeRequest({ body })))], answers: 3 };
    },
  },
  refused(
    'timed_out',
    'a head that comes byte by byte',
    () => ({ chunks: bytesOf(Buffer.from(slowHead)), pauseMs }),
    { timesMax },
  ),
  refused(
    'timed_out',
    'a body that comes byte by byte',
    (random) => {
      const bytes = writeRequest({ body: goodText(random) });
      const headEnd = bytes.indexOf('\r\n\r\n') + 4;
      return {
        chunks: [bytes.subarray(0, headEnd), ...bytesOf(bytes.subarray(headEnd, headEnd + 60))],
        pauseMs,
      };
    },
    { timesMax },
  ),
  refused('timed_out', 'a body that never comes', () => request({ headers: { 'content-length': '500' } }), {
    timesMax,
  }),
];
