// A reply that is a stream of events, event by event: each is judged when it has come, and on its way before the next one
// is looked at. What waits is bounded by a chunk and an event: a slow client slows the server.
import { writeJson } from '@cardea/schemas/json';
import { report, withholdFor, type Exchange } from '../exchange.ts';
import { revoked } from '../failure.ts';
import { judgeFrame, type FrameTreatment } from '../frames/judgeFrame.ts';
import type { Listening, Registration } from '../openStreams.ts';
import type { EventIds } from '../../sessions/relayedEvents.ts';
import { errorResponse, makeStop, stopOf } from '../rpcError.ts';
import type { Stop } from '../../serve/answers.ts';
import { EventOutput } from './eventOutput.ts';
import { EventSplitter } from './eventSplitter.ts';
import { listeningOf } from './listening.ts';
import { readEvent, type SseEvent } from './readEvent.ts';
import { renameEvent } from './renameEvent.ts';
import { rewriteEvent, writeEvent } from './rewriteEvent.ts';

export class EventRelay {
  readonly #exchange: Exchange;
  readonly #splitter: EventSplitter;
  readonly #listening: Listening | undefined;
  readonly #registration: Registration;
  readonly #ids: EventIds | undefined;
  readonly #output: EventOutput;
  #queue: Buffer[] = [];
  #at = 0;
  #isJudging = false;
  #isDraining = false;
  #hasWritten = false;
  /** The client has the id of an event, and can ask for what it misses. */
  #isResumable = false;
  /** What the server does no more. */
  #source: 'open' | 'ended' | 'broken' = 'open';
  #isOver = false;

  /** Throws Refusal `overloaded` where the client may listen to no more streams. */
  constructor(exchange: Exchange) {
    const { context, options, response } = exchange;
    this.#exchange = exchange;
    this.#splitter = new EventSplitter(options.limits.eventBytesMax);
    this.#listening = listeningOf(context);
    this.#output = new EventOutput(exchange);
    const end = (): void => {
      exchange.isClosed = true;
      // A client that waits for an answer hears that none will come.
      if (this.#listening === undefined) this.#giveUp(makeStop(revoked.code));
      else this.#end();
    };
    this.#registration = options.streams.register({ context, response, listening: this.#listening, end });
    if (this.#listening !== undefined) context.onListening?.();
    this.#ids = context.session?.events.begin();
  }

  start(): void {
    const { reply, response, context } = this.#exchange;
    this.#output.begin();
    // A head that came with an event goes out with it in one piece; clients wait for one that came alone.
    if (reply.readableLength === 0)
      setImmediate(() => {
        this.#sendHead();
      });
    if (context.era === 'legacy') this.#registration.begin();
    response.once('close', () => {
      this.#isOver = true;
      this.#registration.leave();
      this.#ids?.end();
    });
    reply.on('data', (chunk: Buffer) => {
      this.#receive(chunk);
    });
    reply.once('end', () => {
      this.#source = 'ended';
      const rest = this.#splitter.rest();
      if (rest.length > 0) this.#queue.push(rest);
      this.#work();
    });
    reply.once('close', () => {
      if (this.#source === 'ended') return;
      this.#source = 'broken';
      this.#work();
    });
  }

  #sendHead(): void {
    if (!this.#isOver) this.#output.flush();
  }

  #receive(chunk: Buffer): void {
    try {
      for (const event of this.#splitter.split(chunk)) this.#queue.push(event);
    } catch (fault) {
      this.#giveUp(stopOf(fault));
    }
    this.#work();
    this.#hold();
    if (!this.#isJudging) this.#sendHead();
  }

  /** A client that does not read would not hear why: what waits for it goes with its connection. */
  #hold(): void {
    if (this.#isOver) return;
    const { holding, response } = this.#exchange;
    try {
      holding.set(this.#splitter.heldBytes + response.writableLength);
    } catch (fault) {
      const isSlow = response.writableNeedDrain;
      this.#giveUp(stopOf(fault));
      if (isSlow) response.destroy();
    }
  }

  #work(): void {
    while (!this.#isOver && !this.#isJudging) {
      const raw = this.#queue[this.#at];
      if (raw === undefined) break;
      this.#at += 1;
      this.#handle(readEvent(raw));
    }
    if (this.#isOver || this.#isJudging) return;
    this.#queue = [];
    this.#at = 0;
    if (this.#source !== 'open') this.#finish();
  }

  #handle(event: SseEvent): void {
    if (event.isAmbiguous) {
      this.#exchange.hasLostFrame = true;
      withholdFor('ambiguous_event', this.#exchange);
      return;
    }
    if (event.data === undefined) {
      this.#write(event.raw, event);
      return;
    }
    const treatment = judgeFrame(event.data, this.#exchange);
    if (treatment instanceof Promise) this.#await(treatment, event);
    else this.#treat(treatment, event);
  }

  #await(treatment: Promise<FrameTreatment>, event: SseEvent): void {
    this.#isJudging = true;
    this.#exchange.reply.pause();
    treatment
      .then((judged) => {
        if (!this.#isOver) this.#treat(judged, event);
      })
      .catch((fault: unknown) => {
        this.#giveUp(stopOf(fault));
      })
      .finally(() => {
        this.#isJudging = false;
        this.#work();
        this.#flow();
      });
  }

  #treat(treatment: FrameTreatment, event: SseEvent): void {
    if (treatment.kind === 'pass') this.#write(event.raw, event);
    if (treatment.kind === 'replace') this.#write(rewriteEvent(event.raw, treatment.text), event);
  }

  #write(bytes: Buffer, { id }: SseEvent): void {
    const { options, context } = this.#exchange;
    // The fields beside its data are the server's words too.
    if (options.secretOf(context.server)?.isQuotedIn(bytes) === true) {
      this.#exchange.hasLostFrame = true;
      withholdFor('quoted_secret', this.#exchange);
      return;
    }
    this.#isResumable ||= id !== undefined;
    if (id !== undefined) this.#ids?.note(id);
    try {
      if (!this.#output.write(this.#rename(bytes, id))) this.#drain();
    } catch (fault) {
      this.#giveUp(stopOf(fault));
    }
    if (this.#hasWritten) return;
    this.#hasWritten = true;
    this.#registration.begin();
  }

  #rename(bytes: Buffer, id = ''): Buffer {
    const { options, context } = this.#exchange;
    if (id === '' || context.session === undefined || options.nameEvent === undefined) return bytes;
    return renameEvent(bytes, options.nameEvent(id, context.session));
  }

  /** The client is slow: the server waits for it. */
  #drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    this.#exchange.reply.pause();
    this.#exchange.response.once('drain', () => {
      this.#isDraining = false;
      this.#hold();
      this.#flow();
    });
  }

  #flow(): void {
    if (!this.#isOver && !this.#isJudging && !this.#isDraining) this.#exchange.reply.resume();
  }

  /** Nothing more comes. What was asked is answered, unless the client can come back for it. */
  #finish(): void {
    const { answers, hasLostFrame, response } = this.#exchange;
    const isBroken = this.#source === 'broken';
    if (isBroken) this.#exchange.failure = 'upstream_error';
    const isLeft = answers.waiting().length === 0 || this.#listening !== undefined;
    if (isLeft || (this.#isResumable && !hasLostFrame)) {
      if (isBroken) response.destroy();
      this.#end();
      return;
    }
    this.#giveUp(
      isBroken
        ? makeStop('upstream_error')
        : makeStop('upstream_invalid', 'the server left this request without an answer'),
    );
  }

  /** Every request that still waits gets this instead of silence. */
  #giveUp(stop: Stop): void {
    if (this.#isOver) return;
    const { answers, head } = this.#exchange;
    const { code } = stop;
    this.#exchange.failure = code;
    report(this.#exchange, { kind: 'failed', code, status: head.status });
    for (const { id } of answers.waiting()) {
      answers.note(id, { kind: 'replaced', code });
      this.#output.write(writeEvent(writeJson(errorResponse(id, stop))));
    }
    this.#end();
  }

  #end(): void {
    this.#isOver = true;
    this.#registration.leave();
    this.#output.end();
    this.#exchange.reply.destroy();
  }
}
