// A proxy before servers that are hard to get rid of, in a process of its own that a test may kill. Asked with the file that
// holds their mark, it answers where each of them is.
import { answerQuestions } from '../../../bench/src/child/childProcess.ts';
import { permitAll, Stack } from '../pep/stack.ts';
import { catalogOf, hardServerIds, hardServers } from './hardServers.ts';

export interface HardProxy {
  readonly pid: number;
  readonly urls: Readonly<Record<string, string>>;
}

const idleMs = 8_000;
const sessionsMax = 300;

answerQuestions(async (markFile: string): Promise<HardProxy> => {
  const byServer = <T>(make: (id: keyof typeof hardServers) => T): Record<string, T> =>
    Object.fromEntries(hardServerIds.map((id) => [id, make(id)]));
  const stack = await Stack.start({
    policies: permitAll,
    catalogs: byServer(catalogOf),
    upstreams: byServer((id) => ({
      ...{ command: ['/bin/sh', '-c', hardServers[id]], idleMs, sessionsMax },
      env: { allow: ['PATH'], set: { MARK: `file:${markFile}`, PATH: `file:${markFile}.path` } },
    })),
  });
  return { pid: process.pid, urls: byServer((id) => stack.url(id)) };
});
