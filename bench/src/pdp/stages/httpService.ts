// The decision service over HTTP beside servers that decide nothing, under the same load.
import { availableParallelism } from 'node:os';
import { ChildProcess } from '../../child/childProcess.ts';
import type { ConstantAnswer, ConstantKind, ConstantQuestion } from '../../constant/constant.ts';
import { LoadGenerator } from '../../load/generator.ts';
import { interleave, medianRatio, medians, type Measurement } from '../../measure/interleave.ts';
import type { Effort } from '../effort.ts';
import type { Deployment, Endpoint } from '../service/deployment.ts';
import { isAllowed, listHotRequests, type BenchRequest } from '../workload/requests.ts';
import { writeEvaluation } from '../workload/sources.ts';

export interface HttpResult {
  readonly connections: number;
  readonly threads: number;
  readonly answerBytes: number;
  /** Answers a second. */
  readonly perSecond: { readonly cardea: number; readonly express: number; readonly bare: number };
  readonly overExpress: number;
  readonly overBare: number;
}

const connections = 16;

/** As the service does: one listening thread for each processor where a port can be shared. */
const threads = process.platform === 'linux' ? availableParallelism() : 1;

/** `endMs` as performance.now() tells it: no round begins after it but the first. */
export async function measureHttpService(
  { endpoint }: Deployment,
  { http, policyCounts }: Effort,
  endMs: number,
): Promise<HttpResult> {
  const requests = listHotRequests(policyCounts.at(-1) ?? 0);
  const answer = await checkVerdicts(endpoint, requests);
  const bodies = requests.map(writeEvaluation);
  const generator = new LoadGenerator();
  const express = startConstant();
  const bare = startConstant();
  try {
    const urls = {
      cardea: endpoint.url,
      express: await listen(express, 'express', answer, endpoint),
      bare: await listen(bare, 'bare', answer, endpoint),
    };
    const measure = (url: string, timeMs: number): Measurement => {
      return async () => (await generator.send({ ...endpoint, url, connections, bodies, timeMs })).perSecond;
    };
    const measureAll = (timeMs: number): Record<keyof typeof urls, Measurement> => ({
      cardea: measure(urls.cardea, timeMs),
      express: measure(urls.express, timeMs),
      bare: measure(urls.bare, timeMs),
    });
    await interleave({ ...http, rounds: 1 }, measureAll(http.warmUpMs));
    const timeMsMax = Math.min(http.timeMsMax, endMs - performance.now());
    const taken = await interleave({ ...http, timeMsMax }, measureAll(http.sliceMs));
    return {
      connections,
      threads,
      answerBytes: Buffer.byteLength(answer),
      perSecond: medians(taken),
      overExpress: medianRatio(taken.cardea, taken.express),
      overBare: medianRatio(taken.cardea, taken.bare),
    };
  } finally {
    await Promise.all([generator.close(), express.close(), bare.close()]);
  }
}

type ConstantServer = ChildProcess<ConstantQuestion, ConstantAnswer>;

function startConstant(): ConstantServer {
  return ChildProcess.start<ConstantQuestion, ConstantAnswer>(
    new URL('../../constant/main.ts', import.meta.url),
  );
}

async function listen(
  server: ConstantServer,
  kind: ConstantKind,
  answer: string,
  { path }: Endpoint,
): Promise<string> {
  return (await server.ask({ kind, path, answer, threads })).url;
}

/** Resolves with the text of one answer. Rejects where the service says anything but what the rules say. */
async function checkVerdicts(
  { url, path, token }: Endpoint,
  requests: readonly BenchRequest[],
): Promise<string> {
  let text = '';
  for (const request of requests) {
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
