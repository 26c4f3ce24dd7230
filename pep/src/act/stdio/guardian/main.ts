// What stays when the proxy is killed: it hears that by the end of its input, and ends the servers that the proxy has
// started. Its input says which groups there are: `+1234` begins one, `-1234` is over. Its argument is the mark that all of
// them carry.
import { setTimeout as delay } from 'node:timers/promises';
import { killMarked, signalGroup } from './endProcesses.ts';

/** Their input has ended with the proxy: some go by that. */
const graceMs = 1_000;
const lookMs = 25;

const [, , prefix = ''] = process.argv;
const groups = new Set<number>();
let rest = '';

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.stdin.setEncoding('latin1');
process.stdin.on('data', (text: string) => {
  const lines = (rest + text).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) note(line);
});
process.stdin.on('close', () => {
  void end();
});

function note(line: string): void {
  const group = Number(line.slice(1));
  if (line.startsWith('+')) groups.add(group);
  else groups.delete(group);
}

async function end(): Promise<void> {
  const isLeft = (): boolean => [...groups].some((group) => signalGroup(group, 0));
  for (const group of groups) signalGroup(group, 'SIGTERM');
  for (let waitedMs = 0; waitedMs < graceMs && isLeft(); waitedMs += lookMs) await delay(lookMs);
  for (const group of groups) signalGroup(group, 'SIGKILL');
  if (prefix !== '') await killMarked(() => true, prefix);
  process.exit(0);
}
