// V8 sets aside more and more memory for young objects while many of them survive at once, as those of sessions do that
// clients open, and keeps it: 128 MB in the end. This bounds it, in a process that is a proxy and nothing else.
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Enough for the requests of a busy proxy to be gone before they are looked at. */
const youngBytesMax = 16 * 1024 * 1024;
const lookMs = 50;

/** Until the process ends, which this does not delay. */
export function boundYoungSpace(): void {
  look();
  setInterval(look, lookMs).unref();
}

/** V8 reads the factor whenever it is about to grow. */
function look(): void {
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
  const mayGrow = young !== undefined && 2 * young.space_size <= youngBytesMax;
  setFlagsFromString(`--semi-space-growth-factor=${mayGrow ? 2 : 1}`);
}
