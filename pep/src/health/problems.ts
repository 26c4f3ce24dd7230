// What is not as it should be, one problem for each subject, until it is solved. The log has the detail; whoever asks
// over the network is told code and message, which name no files, addresses or keys.

export type Subject =
  'authority' | 'bundle' | 'credentials' | 'dialling' | 'grants' | 'issuers' | 'redis' | 'servers' | 'usage';

export interface Problem {
  readonly code: string;
  /** The same for every problem of this code. */
  readonly message: string;
  /** For the log alone. */
  readonly detail: string;
}

/** Told of every problem once, and of its end. */
export type OnProblem = (subject: Subject, problem: Problem | undefined) => void;

export class Problems {
  readonly #onChange: OnProblem;
  readonly #bySubject = new Map<Subject, Problem>();

  constructor(onChange: OnProblem) {
    this.#onChange = onChange;
  }

  /** Undefined when it is solved. Saying the same again changes nothing. */
  readonly report: OnProblem = (subject, problem) => {
    const before = this.#bySubject.get(subject);
    if (before?.code === problem?.code && before?.detail === problem?.detail) return;
    if (problem === undefined) this.#bySubject.delete(subject);
    else this.#bySubject.set(subject, problem);
    this.#onChange(subject, problem);
  };

  get list(): readonly Problem[] {
    return [...this.#bySubject.values()];
  }
}
