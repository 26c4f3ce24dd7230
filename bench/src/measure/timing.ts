// How long one call takes, measured over as many as fit into a slice of time.

/** Answers at once, or with a promise where there is no other way. */
export type Call = () => unknown;

/** Goes round `count` calls, and on from where it stopped: what was measured last is not what is measured next. */
export function inTurn(call: (at: number) => unknown, count: number): Call {
  let next = 0;
  return () => {
    const at = next;
    next = at + 1 === count ? 0 : at + 1;
    return call(at);
  };
}

/** Microseconds for one call. At least one is made, however long it takes. */
export async function microsecondsPerCall(call: Call, sliceMs: number): Promise<number> {
  const start = performance.now();
  let calls = 0;
  let elapsedMs: number;
  do {
    const answer = call();
    if (answer instanceof Promise) await answer;
    calls += 1;
    elapsedMs = performance.now() - start;
  } while (elapsedMs < sliceMs);
  return (elapsedMs * 1_000) / calls;
}

/** Rounds in a row that may be no faster than the best before; compilers work beside them. */
const patience = 8;
const improvement = 0.97;

/** Makes `count` calls again and again until that gets no faster: compiled, cached, settled. Slow ones end it sooner. */
export async function warmUp(call: Call, count: number, timeMsMax: number): Promise<void> {
  const endMs = performance.now() + timeMsMax;
  let bestMs = Infinity;
  for (let vain = 0; vain < patience; vain += 1) {
    const start = performance.now();
    for (let at = 0; at < count && performance.now() < endMs; at += 1) await call();
    if (performance.now() >= endMs) return;
    const roundMs = performance.now() - start;
    if (roundMs < bestMs * improvement) vain = 0;
    bestMs = Math.min(bestMs, roundMs);
  }
}
