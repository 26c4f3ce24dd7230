// From a request that may be asked to its answer. What is light is parsed and answered with all that arrived in its turn
// of the event loop. What is not waits as bytes: callers take turns, and the work shares the thread with what is light.
import type { IncomingMessage } from 'node:http';
import { parseCountedJson, type JsonReading } from '@cardea/schemas/json';
import { shareOf, type ServiceLimits } from '../limits.ts';
import { readBody, RequestAborted, requireJson } from './body.ts';
import type { Answer, Call, GuardedEndpoint } from './call.ts';
import { costOfBytes, costOfValues, lightBytesMax, lightValuesMax } from './cost.ts';
import { Gate, Turnstile } from './gate.ts';
import type { Lane } from './lane.ts';
import type { RateTable } from './rateTable.ts';
import { endOfReading } from './turns.ts';

export interface IntakeOptions {
  readonly limits: ServiceLimits;
  readonly lane: Lane;
  /** By name. */
  readonly callerRates: RateTable;
}

export interface Asked {
  readonly endpoint: GuardedEndpoint;
  readonly request: IncomingMessage;
  readonly call: Omit<Call, 'body'>;
}

export class Intake {
  readonly #options: IntakeOptions;
  readonly #reading: JsonReading;
  readonly #turnstile: Turnstile;
  /** Bytes of bodies that are not light, until their requests are answered. */
  readonly #held: Gate;

  constructor(options: IntakeOptions) {
    this.#options = options;
    const { limits } = options;
    const { bodyBytesMax: bytesMax, jsonDepthMax: depthMax, jsonValuesMax: nodesMax } = limits;
    this.#reading = { bytesMax, depthMax, nodesMax };
    this.#turnstile = new Turnstile({
      activeMax: limits.longTasksMax,
      activeShareMax: Math.max(1, limits.longTasksMax - 1),
      queuedMax: limits.longTasksQueuedMax,
      queuedShareMax: shareOf(limits.longTasksQueuedMax, limits),
    });
    this.#held = new Gate({
      max: limits.heldBytesMax,
      shareMax: shareOf(limits.heldBytesMax, limits),
      things: 'bytes of large bodies',
    });
  }

  /** Throws Refusal, and RequestAborted where the sender has left. */
  async answer(asked: Asked): Promise<Answer> {
    const { endpoint, request, call } = asked;
    if (endpoint.method === 'GET') return endpoint.handle({ ...call, body: null });
    requireJson(request);
    const { name } = call.caller;
    let heldBytes = 0;
    const hold = (bytes: number): void => {
      this.#held.enter(name, bytes);
      heldBytes += bytes;
    };
    try {
      const bytes = await readBody(request, { bytesMax: this.#options.limits.bodyBytesMax, hold });
      const isLight = endpoint.long !== true && bytes.length <= lightBytesMax;
      return await (isLight ? this.#answerLight(asked, bytes) : this.#answerLong(asked, bytes));
    } finally {
      if (heldBytes > 0) this.#held.leave(name, heldBytes);
    }
  }

  async #answerLight(asked: Asked, bytes: Buffer): Promise<Answer> {
    await endOfReading();
    const { body, values } = this.#parse(asked, bytes);
    const handle = (): Answer | Promise<Answer> => asked.endpoint.handle({ ...asked.call, body });
    return values <= lightValuesMax ? handle() : this.#inTurn(asked, () => this.#options.lane.work(handle));
  }

  #answerLong(asked: Asked, bytes: Buffer): Promise<Answer> {
    const { lane } = this.#options;
    return this.#inTurn(asked, async () => {
      const { body } = await lane.work(() => this.#parse(asked, bytes));
      return lane.work(() => asked.endpoint.handle({ ...asked.call, body }));
    });
  }

  #parse({ call }: Asked, bytes: Buffer): Pick<Call, 'body'> & { readonly values: number } {
    const { callerRates } = this.#options;
    const { name } = call.caller;
    // Before: what is no JSON took its time all the same.
    callerRates.spend(name, costOfBytes(bytes.length));
    const { value, values } = parseCountedJson(bytes, this.#reading);
    callerRates.spend(name, costOfValues(values));
    return { body: value, values };
  }

  #inTurn({ call, request }: Asked, task: () => Promise<Answer>): Promise<Answer> {
    return this.#turnstile.pass(call.caller.name, () => {
      // Whoever asks and leaves must not keep others waiting for answers that nobody reads.
      if (request.socket.destroyed) throw new RequestAborted('the sender left while the request waited');
      return task();
    });
  }
}
