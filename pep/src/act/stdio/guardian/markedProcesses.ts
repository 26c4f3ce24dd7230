// Processes that carry a mark in their environment, which children inherit wherever they go: what has left its group is
// found by it. Linux alone shows environments; elsewhere nothing is found.
import { readdir, readFile } from 'node:fs/promises';

export const markName = 'CARDEA_SERVER_PROCESS';

export interface MarkedProcess {
  readonly pid: number;
  readonly mark: string;
}

/** Read at once, of processes that may be many. */
const readsMax = 32;

/** Those whose mark begins so. */
export async function findMarked(prefix: string): Promise<MarkedProcess[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found: MarkedProcess[] = [];
  const take = async (): Promise<void> => {
    for (let pid = pids.pop(); pid !== undefined; pid = pids.pop()) {
      const mark = await readMark(pid);
      if (mark?.startsWith(prefix) === true) found.push({ pid: Number(pid), mark });
    }
  };
  await Promise.all(Array.from({ length: readsMax }, take));
  return found;
}

/** Undefined for a process that has none, has ended, or is not ours to look at. */
async function readMark(pid: string): Promise<string | undefined> {
  const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
  const start = `\0${environment}`.indexOf(`\0${markName}=`);
  if (start < 0) return undefined;
  const from = start + markName.length + 1;
  const end = environment.indexOf('\0', from);
  return environment.slice(from, end < 0 ? undefined : end);
}
