// From a request to its answer, for every endpoint alike: who is it, how often, may they, is there room, what is
// the answer. The one place where a fault becomes a refusal.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal } from '@cardea/schemas/codes';
import { requireClass } from '../callers/caller.ts';
import type { State } from '../serving/state.ts';
import { RequestAborted } from './body.ts';
import { answerRefusal, type Answer, type Endpoint } from './call.ts';
import type { Gate } from './gate.ts';
import type { Connections } from './connections.ts';
import { identify } from './identity.ts';
import type { Intake } from './intake.ts';
import type { RateTable } from './rateTable.ts';
import { sendAnswer, sendEarly } from './send.ts';

export interface Exchange {
  readonly endpoint: Endpoint;
  readonly params: Readonly<Record<string, string>>;
  readonly connections: Connections;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export type Serve = (exchange: Exchange) => Promise<void>;

export interface ServeOptions {
  readonly state: State;
  readonly gate: Gate;
  readonly intake: Intake;
  /** By name. */
  readonly callerRates: RateTable;
  /** By address. */
  readonly attempts: RateTable;
  readonly newId: () => string;
  /** Told of every refusal; `cause` is there when the fault is the service's own. */
  readonly onRefusal: (refusal: Refusal, requestId: string, cause?: unknown) => void;
}

export function createServe(options: ServeOptions): Serve {
  const { state, gate, intake, callerRates, attempts, newId, onRefusal } = options;
  return async ({ endpoint, params, connections, request, response }) => {
    const stated = readRequestId(request);
    let entered: string | undefined;
    // Where no credential has come, nothing is kept open.
    const isClosing = (): boolean => state.draining || connections.isStranger(request.socket);
    try {
      const call = { params, headers: request.headers };
      let answer: Answer;
      if (endpoint.kind === 'open') {
        answer = await endpoint.handle(call);
      } else {
        const caller = identify(request, connections.transport, state.callers, attempts);
        connections.welcome(request.socket);
        callerRates.enter(caller.name);
        requireClass(caller, endpoint.callers);
        gate.enter(caller.name);
        entered = caller.name;
        answer = await intake.answer({ endpoint, request, call: { ...call, caller } });
      }
      sendAnswer(response, answer, { requestId: stated, closing: isClosing() });
    } catch (fault) {
      if (fault instanceof RequestAborted) return;
      const refusal = toRefusal(fault);
      const requestId = stated ?? newId();
      onRefusal(refusal, requestId, refusal === fault ? undefined : fault);
      const answer = answerRefusal(refusal, requestId, statusFor(endpoint, refusal));
      sendEarly(request, response, answer, { requestId, closing: isClosing() });
    } finally {
      if (entered !== undefined) gate.leave(entered);
    }
  };
}

/** The id that the caller gave, echoed as it came (AuthZEN 1.0, 10.1.3). Node joins repeated headers. */
function readRequestId(request: IncomingMessage): string | undefined {
  const id = request.headers['x-request-id'];
  return typeof id === 'string' && id !== '' ? id : undefined;
}

function toRefusal(fault: unknown): Refusal {
  return fault instanceof Refusal
    ? fault
    : new Refusal('internal_fault', 'the service failed; nothing was allowed');
}

/** AuthZEN has one status for every request that is no request (10.1.2), the wrong content type included. */
function statusFor(endpoint: Endpoint, { code }: Refusal): number | undefined {
  return code === 'unsupported_media_type' && endpoint.path.startsWith('/access/') ? 400 : undefined;
}
