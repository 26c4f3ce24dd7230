// The load generator from the outside. Every answer has to be the right one: refusals are quick, and would count as
// speed.
import { ChildProcess } from '../../child/childProcess.ts';
import type { Bounds, Load, LoadAnswer, LoadQuestion, LoadResult } from './load.ts';

/** Beside the time of a run: its last answers, and a busy machine. */
const graceMs = 30_000;

export class LoadGenerator {
  readonly #child = ChildProcess.start<LoadQuestion, LoadAnswer>(new URL('./main.ts', import.meta.url));

  async open(load: Load): Promise<void> {
    await this.#child.ask({ kind: 'open', load });
  }

  /** Over the connections that were opened before, which are closed then. Rejects where any call failed. */
  async run(bounds: Bounds): Promise<LoadResult> {
    const answer = await this.#child.ask({ kind: 'run', bounds }, bounds.timeMs + graceMs);
    if (answer.kind !== 'ran') throw new Error('the load generator answered another question');
    const { failures, failure } = answer.result;
    if (failures > 0) throw new Error(`${failures} calls failed: ${failure ?? ''}`);
    return answer.result;
  }

  close(): Promise<void> {
    return this.#child.close();
  }
}
