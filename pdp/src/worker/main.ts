// A worker: one thread with an engine and a listener of its own. Composes what the other folders define, and does what
// the supervisor says.
import { randomUUID } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { callersMax } from '@cardea/schemas/wire';
import { CallerTable } from '../callers/callerTable.ts';
import { createDecider } from '../decision/decider.ts';
import { createEndpoints, hotPaths } from '../endpoints/index.ts';
import type { Services } from '../endpoints/services.ts';
import { Gate } from '../http/gate.ts';
import { Intake } from '../http/intake.ts';
import { Lane } from '../http/lane.ts';
import { addressesMax, RateTable } from '../http/rateTable.ts';
import { createServe } from '../http/serve.ts';
import { shareOf } from '../limits.ts';
import { State } from '../serving/state.ts';
import { EngineCounts } from '../telemetry/engineCounts.ts';
import { noTracing, noWorkerMeters, type Tracing, type WorkerMeters } from '../telemetry/meters.ts';
import { Heartbeat } from './heartbeat.ts';
import { Listeners } from './listeners.ts';
import type { FromWorker, Question, ToWorker, WorkerBoot } from './messages.ts';
import { Questions } from './questions.ts';
import { Loader } from './loader.ts';

const boot = workerData as WorkerBoot;
const { limits } = boot;
if (parentPort === null) throw new Error('this file runs as a worker');
const port = parentPort;
const send = (message: FromWorker): void => {
  port.postMessage(message);
};

const wallClock = (): number => Date.now();
const monotonic = (): number => performance.now();
const newId = (): string => randomUUID();

const state = new State(new CallerTable([]), wallClock);
const gate = new Gate({
  max: limits.requestsMax,
  shareMax: shareOf(limits.requestsMax, limits),
  things: 'requests',
});
const callerRates = new RateTable({
  perSecondMax: limits.callerRequestsPerSecondMax,
  sendersMax: callersMax,
  now: monotonic,
});
const lane = new Lane(monotonic);
const questions = new Questions<string | Uint8Array | undefined>();
const ask = (question: Question): Promise<string | Uint8Array | undefined> =>
  questions.ask((id) => {
    send({ kind: 'question', id, question });
  });

const counts = new EngineCounts();
const meters = await composeMeters();
const tracing = await composeTracing();

const decide = createDecider({
  now: wallClock,
  newId,
  standingOf: (bundle) => state.standingOf(bundle),
  pathsReadMax: limits.pathsReadMax,
});
const services: Services = {
  state,
  limits,
  callerRates,
  newId,
  decide: meters.measure(decide),
  newPace: () => lane.paceFor(limits.longTaskTimeoutMs),
  countRefusal: meters.countRefusal,
  publicUrl: () => boot.publicUrl ?? listeners.url,
  supervisor: {
    scrape: async () => (await ask({ kind: 'scrape' })) as string,
    readManifest: async (digest) => (await ask({ kind: 'manifest', digest })) as Uint8Array | undefined,
  },
};
const serve = createServe({
  state,
  gate,
  intake: new Intake({ limits, lane, callerRates }),
  callerRates,
  attempts: new RateTable({
    perSecondMax: limits.attemptsPerSecondMax,
    sendersMax: addressesMax,
    now: monotonic,
  }),
  newId,
  onRefusal: (refusal, requestId, cause) => {
    meters.countRefusal(refusal.code);
    if (cause !== undefined)
      send({ kind: 'log', event: { event: 'internal_fault', requestId, message: describeFault(cause) } });
  },
});
const endpoints = createEndpoints(services);
const listeners = new Listeners({ endpoints, hotPaths, serve: tracing.trace(serve), limits, tls: boot.tls });
const loader = new Loader({ state, counts, decide, heartbeat: new Heartbeat(boot.heartbeats, boot.index) });

port.on('message', (message: ToWorker) => {
  void handle(message).catch((fault: unknown) => {
    // Without a listener a worker is of no use; whatever else fails leaves things as they were.
    if (message.kind === 'listen') throw fault;
    send({
      kind: 'log',
      event: { event: 'internal_fault', message: `${message.kind}: ${describeFault(fault)}` },
    });
  });
});

async function handle(message: ToWorker): Promise<void> {
  switch (message.kind) {
    case 'load':
      send(await loader.load(message.bundle));
      return;
    case 'authority':
      state.renewAuthority(message.authority);
      return;
    case 'callers':
      state.callers = new CallerTable(message.callers);
      return;
    case 'problems':
      state.problems = message.problems;
      return;
    case 'listen':
      send({ kind: 'listening', port: await listeners.open(message.address) });
      return;
    case 'collect':
      send({ kind: 'collected', id: message.id, snapshot: await meters.collect() });
      return;
    case 'answer':
      questions.settle(message.id, message.value);
      return;
    case 'drain':
      state.drain();
      await listeners.drain(limits.drainTimeoutMs);
      await tracing.flush();
      send({ kind: 'drained' });
  }
}

/** Loaded only where it is switched on: what is off costs neither time nor memory. */
async function composeMeters(): Promise<WorkerMeters> {
  if (!boot.metrics) return noWorkerMeters;
  const { createWorkerMeters } = await import('../telemetry/workerMeters.ts');
  return createWorkerMeters({ inflight: () => gate.inside, engine: () => counts.read(), now: monotonic });
}

async function composeTracing(): Promise<Tracing> {
  if (!boot.traces) return noTracing;
  const { createTracing } = await import('../telemetry/tracing.ts');
  return createTracing();
}

/** Without its properties: those could hold what must not be logged. */
function describeFault(fault: unknown): string {
  return fault instanceof Error ? `${fault.name}: ${fault.message}` : typeof fault;
}
