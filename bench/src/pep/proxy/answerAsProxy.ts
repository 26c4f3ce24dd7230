// The child's side: a proxy that is started when its parent says before what, and tells what it uses.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { answerQuestions } from '../../child/childProcess.ts';
import { megabyte, type ProxyAnswer, type ProxyQuestion, type Usage } from './proxy.ts';

export interface Started {
  /** Where MCP is spoken. */
  readonly url: string;
  readonly readUsage?: () => Usage;
  readonly close?: () => Promise<void>;
}

export function answerAsProxy(start: (setup: never) => Promise<Started>): void {
  let started: Started | undefined;
  answerQuestions(
    async (question: ProxyQuestion): Promise<ProxyAnswer> => {
      switch (question.kind) {
        case 'start':
          started = await start(question.setup as never);
          return { kind: 'started', url: started.url };
        case 'usage':
          return { kind: 'usage', ...(started?.readUsage ?? readOwnUsage)() };
        case 'live':
          return { kind: 'live', ...readLive() };
      }
    },
    () => started?.close?.(),
  );
}

function readOwnUsage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpuUs: user + system, rssMb: process.memoryUsage.rss() / megabyte };
}

function readLive(): { liveMb: number; rssMb: number } {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  // What finalisers let go is collected by the second.
  collectGarbage();
  collectGarbage();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { liveMb: (heapUsed + external) / megabyte, rssMb: rss / megabyte };
}
