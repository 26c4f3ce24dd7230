// Servers that answer every request with the same JSON: what HTTP itself costs, with Express and without.

export type ConstantKind = 'express' | 'bare';

export interface ConstantQuestion {
  readonly kind: ConstantKind;
  readonly path: string;
  /** The text of a JSON object. */
  readonly answer: string;
  /** Listening threads; more than one share a port, which only Linux balances. */
  readonly threads: number;
}

export interface ConstantAnswer {
  readonly url: string;
}

/** The `workerData` of one thread. */
export interface ConstantThread extends ConstantQuestion {
  /** 0: any that is free. */
  readonly port: number;
}
