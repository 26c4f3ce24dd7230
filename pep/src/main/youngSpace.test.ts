import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';

const program = (bound: string): string => `
  import { getHeapSpaceStatistics } from 'node:v8';
  import { setTimeout as delay } from 'node:timers/promises';
  import { boundYoungSpace } from ${JSON.stringify(new URL('youngSpace.ts', import.meta.url).href)};
  ${bound}
  const kept = [];
  for (let round = 0; round < 60; round += 1) {
    for (let at = 0; at < 30_000; at += 1) kept.push({ at, held: [round] });
    await delay(20);
  }
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  console.log(young.space_size / 1024 / 1024);
`;

function youngMb(bound: string): number {
  const line = ['--no-warnings', '--input-type=module', '--eval', program(bound)];
  return Number(spawnSync(process.execPath, line, { encoding: 'utf8' }).stdout);
}

describe('what is set aside for young objects', () => {
  it('is bounded, however many of them survive', () => {
    expect(youngMb('boundYoungSpace();')).toBeLessThanOrEqual(32);
    expect(youngMb('')).toBeGreaterThan(32);
  });
});
