// The decision service over HTTP beside servers that decide nothing, under the same load. The service also under one of
// which no two requests are alike: what it was asked before it answers from memory, to those that decide nothing it is all
// the same.
import { availableParallelism } from 'node:os';
import { ChildProcess } from '../../child/childProcess.ts';
import type { ConstantAnswer, ConstantKind, ConstantQuestion } from '../../constant/constant.ts';
import { LoadGenerator } from '../../load/generator.ts';
import { interleave, medianRatio, medians, type Measurement } from '../../measure/interleave.ts';
import type { Effort } from '../effort.ts';
import type { Deployment, Endpoint } from '../../deployment/deployment.ts';
import { isAllowed, listHotRequests, listUnlikeRequests, type BenchRequest } from '../workload/requests.ts';
import { writeEvaluation } from '../workload/sources.ts';

export interface HttpResult {
  readonly connections: number;
  readonly threads: number;
  readonly answerBytes: number;
  /** Answers a second. */
  readonly perSecond: Readonly<Record<'alike' | 'unlike' | 'express' | 'bare', number>>;
  readonly alike: OverConstants;
  readonly unlike: OverConstants;
}

/** The service's answers over those of the servers that decide nothing. */
export interface OverConstants {
  readonly express: number;
  readonly bare: number;
}

const connections = 16;

/** More than the service answers: within a slice nothing comes twice. */
const unlikePerMs = 20;

/** As the service does: one listening thread for each processor where a port can be shared. */
const threads = process.platform === 'linux' ? availableParallelism() : 1;

/** `endMs` as performance.now() tells it: no round begins after it but the first. */
export async function measureHttpService(
  { endpoint }: Deployment,
  { http, policyCounts }: Effort,
  endMs: number,
): Promise<HttpResult> {
  const policies = policyCounts.at(-1) ?? 0;
  const requests = listHotRequests(policies);
  const answer = await checkVerdicts(endpoint, [
    ...requests,
    ...listUnlikeRequests(policies, requests.length),
  ]);
  const alike = requests.map(writeEvaluation);
  const unlike = new UnlikeBodies(policies);
  const generator = new LoadGenerator();
  const express = startConstant();
  const bare = startConstant();
  try {
    const urls = {
      express: await listen(express, 'express', answer, endpoint),
      bare: await listen(bare, 'bare', answer, endpoint),
    };
    const send = async (url: string, bodies: readonly string[], timeMs: number): Promise<number> =>
      (await generator.send({ ...endpoint, url, connections, bodies, timeMs })).perSecond;
    const measureAll = (timeMs: number): Record<keyof HttpResult['perSecond'], Measurement> => ({
      alike: () => send(endpoint.url, alike, timeMs),
      unlike: () => send(endpoint.url, unlike.next(timeMs * unlikePerMs), timeMs),
      express: () => send(urls.express, alike, timeMs),
      bare: () => send(urls.bare, alike, timeMs),
    });
    await interleave({ ...http, rounds: 1 }, measureAll(http.warmUpMs));
    const timeMsMax = Math.min(http.timeMsMax, endMs - performance.now());
    const taken = await interleave({ ...http, timeMsMax }, measureAll(http.sliceMs));
    return {
      connections,
      threads,
      answerBytes: Buffer.byteLength(answer),
      perSecond: medians(taken),
      alike: overConstants(taken.alike, taken),
      unlike: overConstants(taken.unlike, taken),
    };
  } finally {
    await Promise.all([generator.close(), express.close(), bare.close()]);
  }
}

/** Bodies that nobody has sent yet. */
class UnlikeBodies {
  readonly #policies: number;
  #sent = 0;

  constructor(policies: number) {
    this.#policies = policies;
  }

  next(count: number): readonly string[] {
    const requests = listUnlikeRequests(this.#policies, count, this.#sent);
    this.#sent += count;
    return requests.map(writeEvaluation);
  }
}

function overConstants(
  service: readonly number[],
  { express, bare }: Record<keyof OverConstants, readonly number[]>,
): OverConstants {
  return { express: medianRatio(service, express), bare: medianRatio(service, bare) };
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
