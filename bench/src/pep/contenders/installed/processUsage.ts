// What another process uses, as Linux tells it.
import { readdirSync, readFileSync } from 'node:fs';
import { megabyte, type Usage } from '../../proxy/proxy.ts';

const kilobyte = 1_024;
const nanosecondsPerMicrosecond = 1_000;

/** NaN where the machine does not tell. */
export function readUsageOf(pid: number): Usage {
  try {
    return { cpuUs: readCpuUs(pid), rssMb: readRssMb(pid) };
  } catch {
    return { cpuUs: NaN, rssMb: NaN };
  }
}

/** Of all its threads: the scheduler counts nanoseconds, where `stat` has ticks of ten milliseconds. */
function readCpuUs(pid: number): number {
  const tasks = `/proc/${pid}/task`;
  const spent = readdirSync(tasks).map((task) => {
    const [onCpu = ''] = readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ');
    return Number(onCpu) / nanosecondsPerMicrosecond;
  });
  return spent.reduce((sum, us) => sum + us, 0);
}

function readRssMb(pid: number): number {
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return (Number(found?.[1]) * kilobyte) / megabyte;
}
