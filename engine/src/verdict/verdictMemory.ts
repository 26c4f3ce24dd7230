// Verdicts by what was read. Calls that differ only in what no policy reads put the same question to the engine, word
// for word; the second time it is not asked. No verdict depends on what is remembered: the question is the whole key.
import type { Slice } from '../policy/slice.ts';
import type { Verdict } from './verdict.ts';

/** Of each of two generations. */
const verdictsMax = 2_048;

/** Longer questions seldom come twice, and callers can make them up. */
const questionCharactersMax = 2_048;

export class VerdictMemory {
  #young = new Map<string, Verdict>();
  #old = new Map<string, Verdict>();

  find(slice: Slice, question: string): Verdict | undefined {
    const key = keyOf(slice, question);
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.#keep(key, old);
    return old;
  }

  remember(slice: Slice, question: string, verdict: Verdict): void {
    if (question.length <= questionCharactersMax) this.#keep(joinParts(keyOf(slice, question)), verdict);
  }

  /** What was not asked for while a generation filled up goes with the one before. */
  #keep(key: string, verdict: Verdict): void {
    if (this.#young.size >= verdictsMax) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, verdict);
  }
}

function keyOf(slice: Slice, question: string): string {
  return `${slice.number} ${question}`;
}

/** V8 keeps a text that was put together as a tree of its parts, six times as large, until somebody searches in it. */
function joinParts(text: string): string {
  return text.endsWith(' ') ? text.concat() : text;
}
