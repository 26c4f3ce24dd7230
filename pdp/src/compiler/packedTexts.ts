// Many texts in memory that all threads share, each readable by itself.

export interface TextBytes {
  /** UTF-8, one after the other. */
  readonly bytes: SharedArrayBuffer;
  /** Where each of them ends, as 32-bit integers. */
  readonly ends: SharedArrayBuffer;
}

/** Well-formed texts, as JSON.stringify writes them. */
export function packTexts(texts: readonly string[]): TextBytes {
  const ends = new Uint32Array(new SharedArrayBuffer(texts.length * Uint32Array.BYTES_PER_ELEMENT));
  let end = 0;
  for (const [place, text] of texts.entries()) ends[place] = end += Buffer.byteLength(text);
  const bytes = new SharedArrayBuffer(end);
  Buffer.from(bytes).write(texts.join(''));
  return { bytes, ends: ends.buffer };
}

export class PackedTexts {
  readonly #bytes: Buffer;
  readonly #ends: Uint32Array;

  constructor({ bytes, ends }: TextBytes) {
    this.#bytes = Buffer.from(bytes);
    this.#ends = new Uint32Array(ends);
  }

  get count(): number {
    return this.#ends.length;
  }

  /** Throws RangeError for a place where there is none. */
  read(place: number): string {
    const end = this.#ends[place];
    if (end === undefined) throw new RangeError(`there is no text ${place}`);
    return this.#bytes.toString('utf8', place === 0 ? 0 : this.#ends[place - 1], end);
  }
}
