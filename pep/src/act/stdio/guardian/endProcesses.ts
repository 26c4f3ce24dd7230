// Ends groups of processes, and whatever carries a mark, however often it forks.
import { setTimeout as delay } from 'node:timers/promises';
import { findMarked } from './markedProcesses.ts';

const lookMs = 25;
const roundsMax = 20;

/** False where nobody is left of that group. */
export function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  return sendSignal(-group, signal);
}

export async function killMarked(isMeant: (mark: string) => boolean, prefix: string): Promise<void> {
  for (let round = 0; round < roundsMax; round += 1) {
    const meant = (await findMarked(prefix)).filter(({ mark }) => isMeant(mark));
    if (meant.length === 0) return;
    for (const { pid } of meant) sendSignal(pid, 'SIGKILL');
    await delay(lookMs);
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (fault) {
    return (fault as NodeJS.ErrnoException).code === 'EPERM';
  }
}
