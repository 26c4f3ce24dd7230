// All stages, one after the other: while something is measured, nothing else of ours runs.
import { ChildProcess } from '../child/childProcess.ts';
import { Deployment } from '../deployment/deployment.ts';
import { Cardea } from './contenders/cardea.ts';
import { mcpProxy, supergateway } from './contenders/installed.ts';
import { startIdentityProvider } from './contenders/identityProvider.ts';
import { bare, bridge, direct, express } from './contenders/passThroughs.ts';
import { startRedis } from './contenders/redisServer.ts';
import type { Effort } from './effort.ts';
import { LoadGenerator } from './load/generator.ts';
import { measureEndurance, type EnduranceResult } from './stages/endurance.ts';
import { measureIdleSessions, type IdleResult } from './stages/idleSessions.ts';
import { LineUp } from './stages/lineUp.ts';
import { measureThroughput, type ThroughputResult } from './stages/throughput.ts';
import type { EchoUrls } from './upstream/echoServer.ts';
import { makeWorkload } from './workload/policies.ts';

export interface BenchmarkResult {
  readonly throughput: readonly ThroughputResult[];
  /** By contender, once everything was measured. */
  readonly rssMb: Readonly<Record<string, number>>;
  /** Those that could not be run here, and why. */
  readonly unable: Readonly<Record<string, string>>;
  readonly idle: IdleResult;
  readonly endurance?: EnduranceResult;
}

export const cached = 'cardea cached';
export const cold = 'cardea cold';
export const byJwt = 'cardea jwt';
export const counted = 'cardea quotas';
export const overStdio = 'cardea stdio';
export const overRedis = 'cardea redis';

/** A proxy keeps so many streams open for each grant. */
const sessionsPerGrant = 64;

/** Rejects with the first stage that cannot be run. */
export async function runBenchmark(
  effort: Effort,
  onStage: (name: string) => void,
): Promise<BenchmarkResult> {
  const endMs = performance.now() + effort.roundsEndMs;
  onStage('publishing');
  const deployment = await Deployment.prepare(await makeWorkload());
  const echo = ChildProcess.start<object, EchoUrls>(new URL('./upstream/main.ts', import.meta.url));
  const provider = await startIdentityProvider();
  const redis = startRedis(deployment.directory);
  // Whoever wants it hears of it.
  redis.catch(() => undefined);
  const generator = new LoadGenerator();
  const lineUp = new LineUp(generator);
  try {
    await deployment.start();
    const urls = await echo.ask({});
    const cardea = await Cardea.prepare(deployment, Math.ceil(effort.idleSessions / sessionsPerGrant));
    onStage('starting and warming up');
    const [token = ''] = cardea.tokens;
    const contenders = [
      ...[direct, bare, cardea.contend(cached, false), cardea.contendByJwt(byJwt, provider)],
      ...[cardea.contendCounted(counted), express, cardea.contendOverRedis(overRedis, redis)],
      ...[cardea.contend(cold, true), bridge, cardea.contendOverStdio(overStdio), mcpProxy, supergateway],
    ];
    await lineUp.add(contenders, { upstream: urls.plain, token, warmUp: effort.warmUp });
    const throughput = await measureThroughput(lineUp, effort, { onStage, endMs });
    const rssMb = await readMemory(lineUp);
    await lineUp.close();
    const { unable } = lineUp;
    onStage(`${effort.idleSessions} idle sessions`);
    const idle = await measureIdleSessions(cardea, urls.withSessions, effort.idleSessions);
    const result = { throughput, rssMb, unable, idle };
    if (effort.enduranceCalls === undefined) return result;
    onStage(`${effort.enduranceCalls} calls`);
    const parts = { cardea, generator, upstream: urls.plain };
    return { ...result, endurance: await measureEndurance(parts, effort.enduranceCalls) };
  } finally {
    await lineUp.close();
    const closeRedis = redis.then(
      (server) => server.close(),
      () => undefined,
    );
    await Promise.all([generator.close(), echo.close(), provider.close(), closeRedis]);
    await deployment.close();
  }
}

async function readMemory({ running }: LineUp): Promise<Record<string, number>> {
  const entries: [string, number][] = [];
  for (const { contender, process } of running) {
    if (process !== undefined) entries.push([contender.name, (await process.readUsage()).rssMb]);
  }
  return Object.fromEntries(entries);
}
