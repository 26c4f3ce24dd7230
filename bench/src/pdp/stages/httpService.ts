// The decision service over HTTP beside servers that decide nothing, under the same load; and what its process holds.
import { availableParallelism } from 'node:os';
import { ChildProcess } from '../../child/childProcess.ts';
import type { ConstantAnswer, ConstantKind, ConstantQuestion } from '../../constant/constant.ts';
import type { Load, LoadResult } from '../../load/load.ts';
import { interleave, medianRatio, medians, type Measurement } from '../../measure/interleave.ts';
import type { Effort } from '../effort.ts';
import type { Deployment, Memory } from '../service/deployment.ts';
import { isAllowed, listHotRequests, listSpreadRequests } from '../workload/requests.ts';
import { writeEvaluation } from '../workload/sources.ts';

export interface HttpResult {
  readonly connections: number;
  readonly threads: number;
  readonly answerBytes: number;
  /** Answers a second. */
  readonly perSecond: { readonly cardea: number; readonly express: number; readonly bare: number };
  readonly overExpress: number;
  readonly overBare: number;
  /** After the spread, before the load. */
  readonly memory: Memory;
}

const path = '/access/v1/evaluation';
const connections = 16;

/** For the spread: 10,000 decisions that all miss every cache, on a slow machine. */
const spreadMsMax = 60_000;

/** As the service does: one listening thread for each processor where a port can be shared. */
const threads = process.platform === 'linux' ? availableParallelism() : 1;

/** `endMs` as performance.now() tells it: no round begins after it but the first. */
export async function measureHttpService(
  deployment: Deployment,
  effort: Effort,
  endMs: number,
): Promise<HttpResult> {
  const policies = effort.policyCounts.at(-1) ?? 0;
  const { sliceMs, warmUpMs } = effort.http;
  const generator = ChildProcess.start<Load, LoadResult>(new URL('../../load/main.ts', import.meta.url));
  const constants = { express: startConstant(), bare: startConstant() };
  try {
    const url = await deployment.start();
    const load = { url, path, token: deployment.token, connections };
    const answer = await checkVerdicts(load, policies);
    const spread = listSpreadRequests(policies, effort.spreadTuples).map(writeEvaluation);
    await send(generator, { ...load, bodies: spread, timeMs: spreadMsMax, once: true });
    const memory = await deployment.readMemory();
    const bodies = listHotRequests(policies).map(writeEvaluation);
    const servers = {
      cardea: url,
      express: await listen(constants.express, 'express', answer),
      bare: await listen(constants.bare, 'bare', answer),
    };
    const measure =
      (server: keyof typeof servers, timeMs: number): Measurement =>
      async () =>
        (await send(generator, { ...load, url: servers[server], bodies, timeMs })).perSecond;
    const measureAll = (timeMs: number): Record<keyof typeof servers, Measurement> => ({
      cardea: measure('cardea', timeMs),
      express: measure('express', timeMs),
      bare: measure('bare', timeMs),
    });
    await interleave({ ...effort.http, rounds: 1 }, measureAll(warmUpMs));
    const taken = await interleave(
      { ...effort.http, timeMsMax: Math.min(effort.http.timeMsMax, endMs - performance.now()) },
      measureAll(sliceMs),
    );
    return {
      connections,
      threads,
      answerBytes: Buffer.byteLength(answer),
      perSecond: medians(taken),
      overExpress: medianRatio(taken.cardea, taken.express),
      overBare: medianRatio(taken.cardea, taken.bare),
      memory,
    };
  } finally {
    await Promise.all([generator.close(), constants.express.close(), constants.bare.close()]);
  }
}

type ConstantServer = ChildProcess<ConstantQuestion, ConstantAnswer>;

function startConstant(): ConstantServer {
  return ChildProcess.start<ConstantQuestion, ConstantAnswer>(
    new URL('../../constant/main.ts', import.meta.url),
  );
}

async function listen(server: ConstantServer, kind: ConstantKind, answer: string): Promise<string> {
  return (await server.ask({ kind, path, answer, threads })).url;
}

/** Rejects where anything was not answered: refusals are quick, and would count as speed. */
async function send(generator: ChildProcess<Load, LoadResult>, load: Load): Promise<LoadResult> {
  const result = await generator.ask(load);
  if (result.failures > 0) throw new Error(`${result.failures} requests to ${load.url} failed`);
  return result;
}

/** Resolves with the text of one answer. Rejects where the service says anything but what the rules say. */
async function checkVerdicts({ url, token }: Pick<Load, 'url' | 'token'>, policies: number): Promise<string> {
  let text = '';
  for (const request of listHotRequests(policies)) {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: writeEvaluation(request),
    });
    const answer = await response.text();
    const { decision } = JSON.parse(answer) as { decision?: boolean };
    if (decision !== isAllowed(request)) throw new Error(`the service answered ${answer}`);
    text ||= answer;
  }
  return text;
}
