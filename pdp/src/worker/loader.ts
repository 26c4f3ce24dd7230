// Puts a bundle into service: built and warmed beside the one that serves, then switched between two requests.
import type { Decide } from '../decision/decider.ts';
import { activate } from '../serving/activate.ts';
import { collectGarbage } from '../serving/garbage.ts';
import type { State } from '../serving/state.ts';
import { warmUp } from '../serving/warmUp.ts';
import type { EngineCounts } from '../telemetry/engineCounts.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { FromWorker, LoadedBundle } from './messages.ts';

export interface LoaderOptions {
  readonly state: State;
  readonly counts: EngineCounts;
  readonly decide: Decide;
  readonly heartbeat: Heartbeat;
}

export class Loader {
  readonly #options: LoaderOptions;
  #isWarm = false;

  constructor(options: LoaderOptions) {
    this.#options = options;
  }

  /** A bundle that cannot be put into service leaves the old one where it is. */
  async load(bundle: LoadedBundle): Promise<FromWorker> {
    const { state, counts, decide, heartbeat } = this.#options;
    const { digest } = bundle;
    try {
      const serving = activate(bundle, (judge) => heartbeat.watch(judge));
      const isFirst = !this.#isWarm;
      // The engine warms itself; the code around it stays warm from bundle to bundle.
      if (isFirst) warmUp(serving, decide);
      this.#isWarm = true;
      state.switchTo(serving);
      counts.follow(serving.engine);
      // Nobody waits for it yet: a worker listens when it has its first bundle.
      if (isFirst) await collectGarbage();
      return { kind: 'loaded', bundle: digest };
    } catch (fault) {
      return { kind: 'failed', bundle: digest, message: String(fault) };
    }
  }
}
