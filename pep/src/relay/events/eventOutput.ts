// Where the events of one stream go. Until the answer to `initialize` is there nobody knows what session the head is to tell
// of, so head and events wait for it.
import { Refusal } from '@cardea/schemas/codes';
import type { Exchange } from '../exchange.ts';
import { clientHeaders } from '../replyHead.ts';

export class EventOutput {
  readonly #exchange: Exchange;
  readonly #opensSession: boolean;
  readonly #held: (Buffer | string)[] = [];
  #heldBytes = 0;
  #hasHead = false;
  #isFlushed = false;

  constructor(exchange: Exchange) {
    const { context, head } = exchange;
    this.#exchange = exchange;
    const asksFor = (method: string): boolean =>
      [...context.asked.values()].some((request) => request.method === method);
    this.#opensSession = head.sessionId !== undefined && asksFor('initialize');
  }

  begin(): void {
    if (!this.#isHeld) this.#writeHead();
  }

  /** False where the client has to be waited for. Throws Refusal `upstream_invalid` where too much would have to wait. */
  write(bytes: Buffer | string): boolean {
    if (this.#isHeld) {
      this.#hold(bytes);
      return true;
    }
    this.#writeHead();
    this.#isFlushed = true;
    return this.#exchange.response.write(bytes);
  }

  /** What came alone goes out alone. */
  flush(): void {
    if (this.#isFlushed || this.#isHeld) return;
    this.#isFlushed = true;
    this.#exchange.response.flushHeaders();
  }

  end(): void {
    this.#writeHead();
    this.#exchange.response.end();
  }

  get #isHeld(): boolean {
    return this.#opensSession && !this.#hasHead && this.#exchange.answers.waiting().length > 0;
  }

  #hold(bytes: Buffer | string): void {
    this.#heldBytes += bytes.length;
    if (this.#heldBytes > this.#exchange.options.limits.eventBytesMax) {
      throw new Refusal('upstream_invalid', 'the server says too much before it answers initialize');
    }
    this.#held.push(bytes);
  }

  #writeHead(): void {
    if (this.#hasHead) return;
    this.#hasHead = true;
    const { response, head } = this.#exchange;
    response.writeHead(head.status, clientHeaders(this.#exchange, true));
    for (const bytes of this.#held.splice(0)) response.write(bytes);
  }
}
