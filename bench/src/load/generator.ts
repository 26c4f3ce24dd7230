// The load generator from the outside. Every answer has to be one: refusals are quick, and would count as speed.
import { ChildProcess } from '../child/childProcess.ts';
import type { Load, LoadResult } from './load.ts';

export class LoadGenerator {
  readonly #child = ChildProcess.start<Load, LoadResult>(new URL('./main.ts', import.meta.url));

  /** Rejects where any request failed. */
  async send(load: Load): Promise<LoadResult> {
    const result = await this.#child.ask(load);
    if (result.failures > 0) throw new Error(`${result.failures} requests to ${load.url} failed`);
    return result;
  }

  close(): Promise<void> {
    return this.#child.close();
  }
}
