// The result for programs (one JSON object) and for people (tables).
import { stateRun, type RunFacts } from '../program/runFacts.ts';
import { writeTargets } from '../targets/target.ts';
import { writeFigure, writeTable } from '../text/table.ts';
import type { BenchmarkResult } from './benchmark.ts';
import { bare } from './contenders/passThroughs.ts';
import type { Effort } from './effort.ts';
import { compare, readRatios } from './ratios.ts';
import type { ThroughputResult } from './stages/throughput.ts';
import { targets, type Ratios } from './targets.ts';

export interface Report extends Ratios, RunFacts {
  /** By connections: the slowest round of bare node:http was so many times slower than its fastest. */
  readonly noise: Readonly<Record<string, number>>;
  readonly figures: BenchmarkResult;
}

export function makeReport(figures: BenchmarkResult, effort: Effort, seconds: number): Report {
  const ratios = readRatios(figures);
  return {
    ...ratios,
    ...stateRun({ effort: effort.name, seconds, targets, figures: ratios }),
    noise: Object.fromEntries(figures.throughput.map((result) => [result.connections, readNoise(result)])),
    figures,
  };
}

function readNoise({ taken }: ThroughputResult): number {
  const rates = (taken[bare.name] ?? []).map(({ perSecond }) => perSecond);
  return Math.max(...rates) / Math.min(...rates);
}

export function writeReport(report: Report): string {
  const { figures, effort, node, processors, seconds } = report;
  const head = `pep benchmark (${effort}), Node ${node}, ${processors} processors, ${writeFigure(seconds)} s\n`;
  const parts = [
    head,
    writeTargets(targets, report),
    ...figures.throughput.map((result) => writeThroughput(result, figures)),
    writeNoise(report),
    writeIdle(figures),
  ];
  if (figures.endurance !== undefined) parts.push(writeEndurance(figures.endurance));
  return parts.join('\n');
}

function writeThroughput(result: ThroughputResult, { rssMb }: BenchmarkResult): string {
  const { connections, medians } = result;
  const head = [
    `${connections} connection${connections === 1 ? '' : 's'}`,
    ...['calls a second', '/ bare', 'p50 us', '/ bare', 'p99 us', 'CPU us a call', '/ bare', 'MB resident'],
  ];
  const over = (name: string, figure: 'perSecond' | 'p50Us' | 'cpuUs'): string =>
    writeFigure(compare(result, figure, name, bare.name));
  const rows = Object.entries(medians).map(([name, { perSecond, p50Us, p99Us, cpuUs }]) => [
    name,
    ...[writeFigure(perSecond), over(name, 'perSecond')],
    ...[writeFigure(p50Us), over(name, 'p50Us'), writeFigure(p99Us)],
    ...[writeFigure(cpuUs), over(name, 'cpuUs'), writeFigure(rssMb[name] ?? NaN)],
  ]);
  return writeTable(head, rows);
}

function writeNoise({ noise, figures }: Report): string {
  const lines = Object.entries(noise).map(
    ([connections, ratio]) =>
      `bare node:http, ${connections} connections: fastest round / slowest ${writeFigure(ratio)}\n`,
  );
  const reasons = Object.entries(figures.unable).map(
    ([name, reason]) => `${name} could not be run: ${reason}\n`,
  );
  return [...lines, ...reasons].join('');
}

function writeIdle({ idle }: BenchmarkResult): string {
  const { sessions, streams, refusal, rssBeforeMb, rssMb } = idle;
  const why = refusal === undefined ? '' : `no more streams: ${refusal}\n`;
  return [
    `${writeFigure(rssMb)} MB resident with ${sessions} idle sessions, ${streams} of them with an open stream; `,
    `${writeFigure(rssBeforeMb)} MB before the first\n`,
    why,
  ].join('');
}

function writeEndurance({ calls, liveMb, rssMb }: NonNullable<BenchmarkResult['endurance']>): string {
  const columns = liveMb.map((_, at) => `${at + 1}/${liveMb.length}`);
  return writeTable(
    [`MB after tenths of ${calls} calls`, ...columns],
    [
      ['live', ...liveMb.map(writeFigure)],
      ['resident', ...rssMb.map(writeFigure)],
    ],
  );
}
