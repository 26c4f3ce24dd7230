// One run: every connection sends its next call when the answer to the last one is complete and the right one. Bounded
// in time and in calls, whatever the proxy does.
import { quantile } from '../../measure/statistics.ts';
import type { Call } from '../workload/calls.ts';
import { amountDigits, freshAmountFrom } from '../workload/calls.ts';
import type { Answer } from './answerReader.ts';
import { findFault } from './checkAnswer.ts';
import type { Connection } from './connection.ts';
import type { Bounds, LoadResult } from './load.ts';

/** One connection, and the calls that it goes round. */
export interface Lane {
  readonly connection: Connection;
  readonly calls: readonly PreparedCall[];
}

export interface PreparedCall {
  readonly call: Call;
  /** Of this lane alone: a fresh amount is written into them. */
  readonly bytes: Buffer;
  readonly amountAt: number;
}

/** After the time of a run, for answers that are still under way. */
const patienceMs = 10_000;

/** In this process, over all runs. */
let freshAmount = freshAmountFrom;

export async function runLoad(lanes: readonly Lane[], bounds: Bounds): Promise<LoadResult> {
  const run = new Run(bounds);
  const timer = setTimeout(() => {
    for (const { connection } of lanes) connection.close();
  }, bounds.timeMs + patienceMs);
  await Promise.all(lanes.map((lane) => run.drive(lane)));
  clearTimeout(timer);
  return run.conclude();
}

class Run {
  readonly #bounds: Bounds;
  readonly #startMs = performance.now();
  readonly #endMs: number;
  readonly #latenciesUs: number[] = [];
  #lastMs = 0;
  #begun = 0;
  #failures = 0;
  #failure: string | undefined;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
    this.#endMs = this.#startMs + bounds.timeMs;
  }

  /** Resolves when the run is over for this lane; a fault ends it. */
  drive({ connection, calls }: Lane): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    let at = 0;
    let sentMs = 0;
    const send = (): void => {
      const { bytes, amountAt } = calls[at] as PreparedCall;
      // Everything that was sent before has arrived: the answer to it has.
      if (this.#bounds.isFresh) bytes.write(String(freshAmount++), amountAt, amountDigits, 'latin1');
      this.#begun += 1;
      sentMs = performance.now();
      connection.send(bytes, onAnswer, onFault);
    };
    const onAnswer = (answer: Answer): void => {
      this.#lastMs = performance.now();
      const fault = findFault(answer, (calls[at] as PreparedCall).call);
      if (fault !== undefined) {
        onFault(new Error(fault));
        return;
      }
      this.#latenciesUs.push((this.#lastMs - sentMs) * 1_000);
      at = at + 1 === calls.length ? 0 : at + 1;
      if (this.#isOver()) resolve(undefined);
      else send();
    };
    const onFault = ({ message }: Error): void => {
      this.#failures += 1;
      this.#failure ??= message;
      resolve(undefined);
    };
    send();
    return promise;
  }

  #isOver(): boolean {
    return this.#lastMs >= this.#endMs || this.#begun >= this.#bounds.callsMax || this.#failures > 0;
  }

  conclude(): LoadResult {
    const answers = this.#latenciesUs.length;
    return {
      answers,
      perSecond: (answers * 1_000) / (this.#lastMs - this.#startMs),
      p50Us: answers === 0 ? NaN : quantile(this.#latenciesUs, 0.5),
      p99Us: answers === 0 ? NaN : quantile(this.#latenciesUs, 0.99),
      failures: this.#failures,
      ...(this.#failure === undefined ? {} : { failure: this.#failure }),
    };
  }
}
