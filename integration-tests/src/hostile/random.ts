// Choices that look random and are the same in every run: a seed and nothing else decides them.

export interface Random {
  /** From 0 to below the bound. */
  readonly below: (bound: number) => number;
  /** From the first to the last, both included. */
  readonly between: (first: number, last: number) => number;
  readonly pick: <T>(choices: readonly T[]) => T;
  /** A word of lower-case letters. */
  readonly word: () => string;
}

/** Mulberry32: 32 bits of state, good enough to mix kinds. */
export function makeRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (bound: number): number => next() % bound;
  const between = (first: number, last: number): number => first + below(last - first + 1);
  return {
    below,
    between,
    pick: <T>(choices: readonly T[]): T => choices[below(choices.length)] as T,
    word: () => Array.from({ length: between(3, 9) }, () => String.fromCharCode(between(97, 122))).join(''),
  };
}

/** The same elements in another order. */
export function shuffle<T>(elements: readonly T[], random: Random): T[] {
  const shuffled = [...elements];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    [shuffled[last], shuffled[other]] = [shuffled[other] as T, shuffled[last] as T];
  }
  return shuffled;
}
