// The whole benchmark, run as its users run it, with an effort that says nothing about speed.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { writeReport, type Report } from './report.ts';
import { targets } from './targets.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const runMsMax = 120_000;

const contenders = [
  'direct',
  'bare',
  'cardea cached',
  'cardea jwt',
  'cardea quotas',
  'express',
  'cardea redis',
  'cardea cold',
  'sdk bridge',
  'cardea stdio',
  'mcp-proxy',
  'supergateway',
];

/** Without a redis-server it is named as what could not be run; in CI there is one. */
const mayBeMissing = process.env['CI'] === undefined ? ['cardea redis'] : [];

describe('bench:pep', () => {
  let stdout = '';

  beforeAll(async () => {
    ({ stdout } = await promisify(execFile)(process.execPath, [main, '--smoke', '--json']));
  }, runMsMax);

  it('prints one JSON object with every figure that has a target', () => {
    const report = JSON.parse(stdout) as Report;
    const isWhole = Object.keys(report.figures.unable).length === 0;
    for (const { name } of targets.filter((target) => isWhole || target.name !== 'p50_redis_over_bare'))
      expect({ [name]: report[name] }).toEqual({ [name]: expect.any(Number) });
  });

  it('sends the calls through every contender, with 1, 16 and 64 connections', () => {
    const { throughput, unable } = (JSON.parse(stdout) as Report).figures;
    const missing = Object.keys(unable);
    expect(missing.filter((name) => !mayBeMissing.includes(name))).toEqual([]);
    expect(throughput.map(({ connections }) => connections)).toEqual([1, 16, 64]);
    for (const { medians } of throughput) {
      expect(Object.keys(medians)).toEqual(contenders.filter((name) => !missing.includes(name)));
      for (const { perSecond } of Object.values(medians)) expect(perSecond).toBeGreaterThan(0);
    }
  });

  it('opens every session that it says it has opened, with a stream', () => {
    const { idle } = (JSON.parse(stdout) as Report).figures;
    expect(idle).toMatchObject({ sessions: 40, streams: 40 });
  });

  it('names every target in the table', () => {
    const text = writeReport(JSON.parse(stdout) as Report);
    for (const { name } of targets) expect(text).toContain(name);
  });
});
