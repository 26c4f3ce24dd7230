// Bytes that come in parts, in one piece. A single part is not copied; of many each byte is copied a few times at most,
// however small the parts are.

const firstBytes = 4_096;
const nothing = Buffer.alloc(0);

export class ByteCollector {
  readonly #bytesMax: number;
  #held: Buffer = nothing;
  #length = 0;

  /** Whoever appends sees to it that there are never more. */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get length(): number {
    return this.#length;
  }

  /** What it costs: room for what may come is part of it. */
  get heldBytes(): number {
    return this.#held.length;
  }

  append(part: Buffer): void {
    if (this.#length === 0) {
      this.#held = part;
      this.#length = part.length;
      return;
    }
    const length = this.#length + part.length;
    // A part that is not ours to write to is full.
    if (length > this.#held.length) this.#grow(length);
    part.copy(this.#held, this.#length);
    this.#length = length;
  }

  /** All of it; nothing stays. */
  take(): Buffer {
    const taken = this.#held.subarray(0, this.#length);
    this.#held = nothing;
    this.#length = 0;
    return taken;
  }

  #grow(length: number): void {
    const grown = Buffer.allocUnsafe(Math.min(Math.max(2 * length, firstBytes), this.#bytesMax));
    this.#held.copy(grown, 0, 0, this.#length);
    this.#held = grown;
  }
}
