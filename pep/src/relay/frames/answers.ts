// Who may answer what: on the reply to a POST the requests of that POST, on a stream that a GET opened those that the
// session has outstanding. Each once, by whatever comes first.
import { idKey, type RequestId } from '../../admit/message.ts';
import type { RelayContext, RelayedRequest } from '../relayContext.ts';
import type { Answer } from '../relayOutcome.ts';

export class Answers {
  readonly #context: RelayContext;
  readonly #given = new Map<string, Answer>();

  constructor(context: RelayContext) {
    this.#context = context;
  }

  get given(): ReadonlyMap<string, Answer> {
    return this.#given;
  }

  /** The method of what this answers; undefined where nothing waits for such an answer. */
  methodOf(id: RequestId): string | undefined {
    const { httpMethod, asked, session } = this.#context;
    const key = idKey(id);
    if (this.#given.has(key)) return undefined;
    return httpMethod === 'GET' ? session?.asked.get(key) : asked.get(key)?.method;
  }

  /** Who has seen a session late cannot know what was asked before that; its answer may still come. */
  mayAnswerEarlier(id: RequestId): boolean {
    const { httpMethod, session } = this.#context;
    return httpMethod === 'GET' && session?.isAdopted === true && !this.#given.has(idKey(id));
  }

  note(id: RequestId, answer: Answer): void {
    const key = idKey(id);
    this.#given.set(key, answer);
    this.#context.session?.asked.delete(key);
  }

  /** The requests of this POST that still wait. */
  waiting(): RelayedRequest[] {
    const { asked } = this.#context;
    if (this.#given.size >= asked.size) return [];
    return [...asked].filter(([key]) => !this.#given.has(key)).map(([, request]) => request);
  }
}
