// What a process writes, line by line. A line beyond the limit is skipped without being kept, however long it is.
const lineFeed = 0x0a;

export class LineSplitter {
  readonly #bytesMax: number;
  readonly #onTooLong: () => void;
  #parts: Buffer[] = [];
  #bytes = 0;
  #isSkipping = false;

  constructor(bytesMax: number, onTooLong: () => void) {
    this.#bytesMax = bytesMax;
    this.#onTooLong = onTooLong;
  }

  /** The lines that end in this chunk, without their ends. They share its memory. */
  split(chunk: Buffer): Buffer[] {
    const lines: Buffer[] = [];
    let start = 0;
    for (let feed = chunk.indexOf(lineFeed); feed >= 0; feed = chunk.indexOf(lineFeed, start)) {
      this.#take(chunk.subarray(start, feed));
      if (!this.#isSkipping) lines.push(this.#join());
      this.#reset();
      start = feed + 1;
    }
    if (start < chunk.length) this.#take(chunk.subarray(start));
    return lines;
  }

  #take(part: Buffer): void {
    if (this.#isSkipping) return;
    this.#bytes += part.length;
    this.#parts.push(part);
    if (this.#bytes <= this.#bytesMax) return;
    this.#reset();
    this.#isSkipping = true;
    this.#onTooLong();
  }

  #join(): Buffer {
    const [only] = this.#parts;
    return this.#parts.length === 1 && only !== undefined ? only : Buffer.concat(this.#parts);
  }

  #reset(): void {
    this.#parts = [];
    this.#bytes = 0;
    this.#isSkipping = false;
  }
}
