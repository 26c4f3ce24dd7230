// What broken proxies do to the bodies of answers.
import { Transform } from 'node:stream';

/** Nothing comes before everything is there. */
export function rewriteWhole(rewrite: (text: string) => string): Transform {
  const chunks: Buffer[] = [];
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      chunks.push(chunk);
      done();
    },
    flush: (done) => {
      done(null, Buffer.from(rewrite(Buffer.concat(chunks).toString('latin1')), 'latin1'));
    },
  });
}

/** Each part as it comes; one character is one byte. */
export function rewriteParts(rewrite: (text: string) => string): Transform {
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      done(null, Buffer.from(rewrite(chunk.toString('latin1')), 'latin1'));
    },
  });
}

/** The end comes after so long, whatever is still to be said. */
export function endAfter(timeMs: number): Transform {
  const transform: Transform = new Transform({
    construct: (done) => {
      setTimeout(() => transform.push(null), timeMs);
      done();
    },
    transform: (chunk: Buffer, _encoding, done) => {
      done(null, chunk);
    },
  });
  return transform;
}
