// Puts a bundle into service: built and warmed beside the one that serves, then switched between two requests.
import type { Decide } from '../decision/decider.ts';
import { activate } from '../serving/activate.ts';
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
  load(bundle: LoadedBundle): FromWorker {
    const { state, counts, decide, heartbeat } = this.#options;
    const { digest } = bundle;
    try {
      const serving = activate(bundle, (judge) => heartbeat.watch(judge));
      // The engine warms itself; the code around it stays warm from bundle to bundle.
      if (!this.#isWarm) warmUp(serving, decide);
      this.#isWarm = true;
      state.switchTo(serving);
      counts.follow(serving.engine);
      return { kind: 'loaded', bundle: digest };
    } catch (fault) {
      return { kind: 'failed', bundle: digest, message: String(fault) };
    }
  }
}
