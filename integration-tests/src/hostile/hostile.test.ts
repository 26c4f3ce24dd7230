// Thousands of requests made to throw, with good ones among them, over HTTP against a service in a process of its own.
// Every bad one is refused with its code, every good one answered rightly, and afterwards nothing is left behind: no
// memory, no dead engine, no dead worker.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mcpSources, pinGuardrail } from '../../../pdp/test/mcpSources.ts';
import { TestArchive } from '../../../pdp/test/testArchive.ts';
import { until } from '../../../pdp/test/testService.ts';
import { ServiceProcess } from '../service/serviceProcess.ts';
import { callerKinds } from './callerKinds.ts';
import { goodKinds } from './goodKinds.ts';
import { framingKinds } from './framingKinds.ts';
import { headKinds } from './headKinds.ts';
import { jsonKinds } from './jsonKinds.ts';
import { findFault, type Kind } from './kind.ts';
import { mcpKinds } from './mcpKinds.ts';
import { Oracle } from './oracle.ts';
import { makeRandom, shuffle, type Random } from './random.ts';
import { senderKinds } from './senderKinds.ts';
import { shapeKinds } from './shapeKinds.ts';
import { sizeKinds } from './sizeKinds.ts';
import { exchange } from './wire.ts';

const kinds: readonly Kind[] = [
  ...jsonKinds,
  ...shapeKinds,
  ...mcpKinds,
  ...callerKinds,
  ...framingKinds,
  ...headKinds,
  ...senderKinds,
  ...sizeKinds,
];

const seed = 20_261_120;
const badRequests = 5_000;
const goodRequests = 2_000;
const warmUpRequests = 1_000;

/** Requests under way at once. */
const lanes = 24;

/** Requests between two looks at the memory. */
const stretch = 500;

/**
 * The heaps of three threads come to rest only after some 100,000 requests, at twice what they begin with. Less than
 * 30 KB kept of each request, or one body of 10 MB in four, would be more than this.
 */
const growthBytesMax = 192 * 1024 * 1024;

let archive: TestArchive;
let service: ServiceProcess;
let oracle: Oracle;

beforeAll(async () => {
  archive = await TestArchive.create('mcp', await pinGuardrail());
  const bundle = await archive.publish(mcpSources);
  archive.keepStating();
  oracle = await Oracle.open(archive, bundle);
  service = await ServiceProcess.start(archive, {
    limits: { headersTimeoutMs: 1_000, requestTimeoutMs: 2_000 },
  });
});

afterAll(async () => {
  await service.stop();
  await archive.remove();
});

describe('hostile requests', () => {
  it('are refused with their codes, and good ones among them answered rightly', async () => {
    const before = await run(drawTasks(warmUpRequests, warmUpRequests, makeRandom(1)));
    const after = await run(drawTasks(badRequests, goodRequests, makeRandom(seed)));
    expect([...before.faults, ...after.faults]).toEqual([]);
    expect(Math.min(...after.rssBytes.slice(-4))).toBeLessThan(Math.max(...before.rssBytes) + growthBytesMax);
    expect(service.isAlive).toBe(true);
    expect((await service.get('/readyz')).body).toMatchObject({ ready: true, problems: [] });
  }, 120_000);

  it('reach no engine that they could kill, and no code that throws', async () => {
    expect(await service.readMetric('cardea_pdp_instance_replacements_total')).toBe(0);
    expect(await service.readMetric('cardea_pdp_worker_replacements_total')).toBe(0);
    expect(service.events.map(({ event }) => event)).toEqual(['bundle_loaded', 'listening']);
    // Nothing stays under way but this question.
    await until(async () => (await service.readMetric('cardea_pdp_requests_inflight')) === 1);
  });
});

/** Sends one request and says what is wrong with its answer. */
type Task = () => Promise<string | undefined>;

/** In a drawn order. Each task draws for itself, so that what it sends does not depend on which one runs first. */
function drawTasks(bad: number, good: number, random: Random): Task[] {
  const tasks = [
    ...drawKinds(bad).map((kind) => badTask(kind, makeRandom(random.below(2 ** 32)))),
    ...Array.from({ length: good }, () => goodTask(makeRandom(random.below(2 ** 32)))),
  ];
  return shuffle(tasks, random);
}

/** Every kind as often as the next; those that cost much less often. */
function drawKinds(count: number): Kind[] {
  const drawn: Kind[] = [];
  for (let round = 0; drawn.length < count; round += 1) {
    drawn.push(...kinds.filter(({ timesMax = Infinity }) => round < timesMax));
  }
  return drawn.slice(0, count);
}

function badTask({ name, expected, make }: Kind, random: Random): Task {
  return async () => describeFault(name, findFault(await exchange(service.port, make(random)), expected));
}

function goodTask(random: Random): Task {
  const { name, make } = random.pick(goodKinds);
  return async () => {
    const { body, message } = make(random);
    return describeFault(name, oracle.findFault(body, await exchange(service.port, message)));
  };
}

function describeFault(kind: string, fault: string | undefined): string | undefined {
  return fault === undefined ? undefined : `${kind}: ${fault}`.slice(0, 1_000);
}

interface Run {
  readonly faults: readonly string[];
  readonly rssBytes: readonly number[];
}

async function run(tasks: readonly Task[]): Promise<Run> {
  const faults: string[] = [];
  const rssBytes: number[] = [];
  const queue = tasks.entries();
  const lane = async (): Promise<void> => {
    for (const [index, task] of queue) {
      const fault = await task();
      if (fault !== undefined) faults.push(fault);
      if (index % stretch === 0) rssBytes.push(await service.measureMemory());
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  rssBytes.push(await service.measureMemory());
  return { faults, rssBytes };
}
