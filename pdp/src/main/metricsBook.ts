// The sums over all workers, those that are gone included: a counter never falls because a worker was replaced.
import type { MetricsSnapshot } from '@cardea/telemetry/metrics';
import type { ServiceMeters } from '../telemetry/meters.ts';
import type { WorkerPool } from './workerPool.ts';

export class MetricsBook {
  readonly #pool: WorkerPool;
  readonly #meters: ServiceMeters;
  #retired: MetricsSnapshot = [];

  constructor(pool: WorkerPool, meters: ServiceMeters) {
    this.#pool = pool;
    this.#meters = meters;
  }

  /** As far as the worker was last asked: what it counted after that is lost with it. */
  retire(snapshot: MetricsSnapshot): void {
    if (snapshot.length === 0) return;
    void import('@cardea/telemetry/prometheus').then(({ addSnapshots, keepCounters }) => {
      this.#retired = addSnapshots([this.#retired, keepCounters(snapshot)]);
    });
  }

  /** Prometheus text. */
  async write(): Promise<string> {
    const { writePrometheusText } = await import('@cardea/telemetry/prometheus');
    return writePrometheusText('cardea-pdp', [
      ...(await this.#pool.collect()),
      this.#retired,
      await this.#meters.collect(),
    ]);
  }
}
