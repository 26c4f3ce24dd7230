// "Did you mean": the known word that the fewest slips of the finger turn into the one that was written.

/** Longer words are not measured: the table is quadratic, and words may come from files. */
const charactersMax = 64;

/** Undefined when nothing is near: within a third of the word's length, and at least one slip. */
export function findNearest(word: string, known: Iterable<string>): string | undefined {
  if (word.length > charactersMax) return undefined;
  let nearest: string | undefined;
  let distanceMax = Math.max(1, Math.floor(word.length / 3));
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) > distanceMax) continue;
    const distance = countSlips(word, candidate);
    if (distance > distanceMax || (distance === distanceMax && nearest !== undefined)) continue;
    nearest = candidate;
    distanceMax = distance;
  }
  return nearest;
}

/** `Did you mean "x"?`, or undefined. */
export function suggest(word: string, known: Iterable<string>): string | undefined {
  const nearest = findNearest(word, known);
  return nearest === undefined ? undefined : `did you mean "${nearest}"?`;
}

/** Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours. */
function countSlips(from: string, to: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      let slips = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (row > 1 && column > 1 && swapped) slips = Math.min(slips, (before[column - 2] ?? 0) + 1);
      current.push(slips);
    }
    before = previous;
    previous = current;
  }
  return previous[to.length] ?? 0;
}
