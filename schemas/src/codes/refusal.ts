// A request that is not answered, on its way to the one place that says why.
import type { Code } from './codes.ts';

/** Messages are one line and never carry secrets. */
export class Refusal extends Error {
  readonly code: Code;

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Refusal';
    this.code = code;
  }
}
