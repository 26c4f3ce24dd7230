// How long one call takes, measured over as many as fit into a slice of time.

/** Answers at once, or with a promise where there is no other way. */
export type Call = (at: number) => unknown;

/** Microseconds for one call. `count` calls follow each other in a ring; at least one is made, however long it takes. */
export async function microsecondsPerCall(call: Call, count: number, sliceMs: number): Promise<number> {
  const start = performance.now();
  let calls = 0;
  let elapsedMs: number;
  do {
    const answer = call(calls % count);
    if (answer instanceof Promise) await answer;
    calls += 1;
    elapsedMs = performance.now() - start;
  } while (elapsedMs < sliceMs);
  return (elapsedMs * 1_000) / calls;
}

/** Rounds in a row that may be no faster than the best before; compilers work beside them. */
const patience = 8;
const improvement = 0.97;

/** Goes round all `count` calls until that gets no faster: compiled, cached, settled. Slow calls end it sooner. */
export async function warmUp(call: Call, count: number, timeMsMax: number): Promise<void> {
  const endMs = performance.now() + timeMsMax;
  let bestMs = Infinity;
  for (let vain = 0; vain < patience; vain += 1) {
    const start = performance.now();
    for (let at = 0; at < count && performance.now() < endMs; at += 1) await call(at);
    if (performance.now() >= endMs) return;
    const roundMs = performance.now() - start;
    if (roundMs < bestMs * improvement) vain = 0;
    bestMs = Math.min(bestMs, roundMs);
  }
}
