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

/** Each of `count` calls so often that compilers have seen them; slow calls end it sooner. */
export async function warmUp(call: Call, count: number, timeMsMax: number): Promise<void> {
  const endMs = performance.now() + timeMsMax;
  for (let at = 0; at < count * warmUpRounds && performance.now() < endMs; at += 1) await call(at % count);
}

const warmUpRounds = 40;
