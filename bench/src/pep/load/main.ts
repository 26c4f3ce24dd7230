// The load generator, in a process of its own, so that it measures the proxies and not itself.
import { answerQuestions } from '../../child/childProcess.ts';
import { Connection } from './connection.ts';
import type { Load, LoadAnswer, LoadQuestion } from './load.ts';
import { writeRequest } from './requestBytes.ts';
import { runLoad, type Lane } from './runLoad.ts';

let lanes: readonly Lane[] = [];

answerQuestions(async (question: LoadQuestion): Promise<LoadAnswer> => {
  switch (question.kind) {
    case 'open':
      lanes = await Promise.all(listLanes(question.load));
      return { kind: 'opened' };
    case 'run': {
      const result = await runLoad(lanes, question.bounds);
      for (const { connection } of lanes) connection.close();
      lanes = [];
      return { kind: 'ran', result };
    }
  }
});

function listLanes(load: Load): Promise<Lane>[] {
  const { url, connections, calls } = load;
  return Array.from({ length: connections }, async (_, own): Promise<Lane> => {
    const [from, to] = [own, own + 1].map((at) => Math.floor((at * calls.length) / connections));
    const prepared = calls.slice(from, to).map((call) => {
      const { bytes, bodyAt } = writeRequest('POST', load, call.body);
      return { call, bytes, amountAt: bodyAt + call.amountAt };
    });
    return { connection: await Connection.open(url), calls: prepared };
  });
}
