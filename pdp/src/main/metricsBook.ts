// The sums over all workers, those that are gone included: a counter never falls because a worker was replaced.
import type { ServiceMeters } from '../telemetry/meters.ts';
import type { MetricsSnapshot } from '../telemetry/metricsReader.ts';
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
    void import('../telemetry/prometheusText.ts').then(({ addSnapshots, keepCounters }) => {
      this.#retired = addSnapshots([this.#retired, keepCounters(snapshot)]);
    });
  }

  /** Prometheus text. */
  async write(): Promise<string> {
    const { writePrometheusText } = await import('../telemetry/prometheusText.ts');
    return writePrometheusText([
      ...(await this.#pool.collect()),
      this.#retired,
      await this.#meters.collect(),
    ]);
  }
}
