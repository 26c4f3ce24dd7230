// The whole benchmark, run as its users run it, with an effort that says nothing about speed.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { contenders } from './stages/peers.ts';
import { writeReport, type Report } from './report.ts';
import { targets } from './targets.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const runMsMax = 120_000;

describe('bench:pdp', () => {
  let stdout = '';

  beforeAll(async () => {
    ({ stdout } = await promisify(execFile)(process.execPath, [main, '--smoke', '--json']));
  }, runMsMax);

  it('prints one JSON object with every figure that has a target', () => {
    const report = JSON.parse(stdout) as Report;
    for (const { name } of targets) expect({ [name]: report[name] }).toEqual({ [name]: expect.any(Number) });
  });

  it.each([
    'http16_unlike_over_express_constant',
    'hot_alike_10k_over_10',
    'hot_unlike_10k_over_10',
    'us_alike',
    'us_unlike',
  ] as const)('has %s beside them', (name) => {
    expect((JSON.parse(stdout) as Report)[name]).toEqual(expect.any(Number));
  });

  it('runs every contender with every number of policies', () => {
    const { peers } = (JSON.parse(stdout) as Report).figures;
    expect(peers.map(({ policies }) => policies)).toEqual([10, 40]);
    for (const { microseconds, unable } of peers) {
      expect(unable).toEqual({});
      expect(Object.keys(microseconds)).toEqual(contenders.map(({ name }) => name));
    }
  });

  it('names every target in the table', () => {
    const text = writeReport(JSON.parse(stdout) as Report);
    for (const { name } of targets) expect(text).toContain(name);
  });
});
