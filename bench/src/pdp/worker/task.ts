// What a deciding worker is told, and what it answers. Plain data: it is copied from thread to thread.
import type { CompiledPolicy, DecisionRequest } from '@cardea/engine';

/** The worker's `workerData`. */
export interface WorkerLoad {
  readonly module: WebAssembly.Module;
  readonly policies: readonly CompiledPolicy[];
  readonly requests: readonly DecisionRequest[];
}

export type Task =
  /** Decide, or only count, for so long. */
  | { readonly kind: 'decide' | 'spin'; readonly sliceMs: number }
  /** Time each of so many decisions. */
  | { readonly kind: 'tail'; readonly decisions: number };

export type TaskAnswer =
  | { readonly kind: 'rate'; readonly perSecond: number }
  | { readonly kind: 'tail'; readonly p50Us: number; readonly p99Us: number };
