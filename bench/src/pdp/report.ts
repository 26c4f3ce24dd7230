// The result for programs (one JSON object) and for people (tables).
import { availableParallelism } from 'node:os';
import { writeFigure, writeTable } from '../text/table.ts';
import type { BenchmarkResult } from './benchmark.ts';
import type { Effort } from './effort.ts';
import { contenders } from './stages/peers.ts';
import { isReached, targets, type Ratios, type Target } from './targets.ts';

export interface Report extends Ratios {
  readonly effort: Effort['name'];
  readonly node: string;
  readonly processors: number;
  readonly seconds: number;
  /** Names of the targets that were measured and not reached. */
  readonly missed: readonly string[];
  readonly figures: BenchmarkResult;
}

export function makeReport(figures: BenchmarkResult, effort: Effort, seconds: number): Report {
  const ratios = readRatios(figures);
  const missed = targets.filter((target) => {
    const figure = ratios[target.name];
    return figure !== undefined && !isReached(target, figure);
  });
  return {
    ...ratios,
    effort: effort.name,
    node: process.version,
    processors: availableParallelism(),
    seconds,
    missed: missed.map(({ name }) => name),
    figures,
  };
}

function readRatios({ policyCounts, unread, threads, memory, http, endurance }: BenchmarkResult): Ratios {
  return {
    hot_10k_over_10: policyCounts.ratio,
    http16_over_express_constant: http.overExpress,
    workers_scaling: threads.scaling,
    p99_over_p50: threads.p99OverP50,
    unread_100kb_over_0: unread.ratio,
    rss_mb_10k: memory.rssMb,
    ...(endurance === undefined
      ? {}
      : {
          live_million_decisions: endurance.decisionsRatio,
          rss_500_reloads: endurance.reloadsRatio,
        }),
  };
}

export function writeReport(report: Report): string {
  const { figures, effort, node, processors, seconds } = report;
  const head = `pdp benchmark (${effort}), Node ${node}, ${processors} processors, ${writeFigure(seconds)} s\n`;
  const parts = [writeTargets(report), writePeers(figures), writeThreads(figures), writeHttp(figures)];
  if (figures.endurance !== undefined) parts.push(writeEndurance(figures.endurance));
  return [head, ...parts].join('\n');
}

function writeTargets(report: Report): string {
  const rows = targets.flatMap((target: Target & { name: keyof Ratios }) => {
    const figure = report[target.name];
    if (figure === undefined) return [];
    const bound = `${target.bound} ${target.limit}`;
    return [[target.name, writeFigure(figure), bound, isReached(target, figure) ? 'reached' : 'MISSED']];
  });
  return writeTable(['target', 'figure', 'bound', ''], rows);
}

function writePeers({ peers, policyCounts, unread }: BenchmarkResult): string {
  const names = contenders.map(({ name }) => name);
  const [ours = ''] = names;
  const head = [
    'us a decision, policies + 20',
    ...names,
    ...names.slice(1).map((name) => `${name} / ${ours}`),
  ];
  const rows = peers.map(({ policies, microseconds }) => {
    const figure = (name: string): number => microseconds[name] ?? NaN;
    const others = names.slice(1).map((name) => writeFigure(figure(name) / figure(ours)));
    return [String(policies), ...names.map((name) => writeFigure(figure(name))), ...others];
  });
  const reasons = peers.flatMap(({ policies, unable }) =>
    Object.entries(unable).map(
      ([name, reason]) => `${name} with ${policies} policies could not be run: ${reason}\n`,
    ),
  );
  const alone = Object.entries(policyCounts.microseconds).map(([count, us]) => [
    `cardea alone, ${count} policies`,
    writeFigure(us),
  ]);
  const arguments_ = [
    ['cardea, no unread arguments', writeFigure(unread.microseconds.none)],
    ['cardea, 100 KB of unread arguments', writeFigure(unread.microseconds.unread)],
  ];
  return [
    writeTable(head, rows),
    'cedar: its full set, preparsed once\n',
    ...reasons,
    '\n',
    writeTable(['engine alone', 'us'], [...alone, ...arguments_]),
  ].join('');
}

function writeThreads({ threads }: BenchmarkResult): string {
  const { decisions, spins, p50Us, p99Us } = threads;
  return writeTable(
    ['threads, no HTTP', 'one', 'two', 'two / one'],
    [
      ['decisions a second', ...writeTwo(decisions.one, decisions.two)],
      ['spins a second', ...writeTwo(spins.one, spins.two)],
      ['p50 us', writeFigure(p50Us)],
      ['p99 us', writeFigure(p99Us)],
    ],
  );
}

function writeTwo(one: number, two: number): string[] {
  return [writeFigure(one), writeFigure(two), writeFigure(two / one)];
}

function writeHttp({ http, memory }: BenchmarkResult): string {
  const { perSecond, overExpress, overBare, connections, threads, answerBytes } = http;
  const title = `HTTP, ${connections} connections, ${threads} threads, ${answerBytes} B`;
  return [
    writeTable(
      [title, 'answers a second', 'cardea / it'],
      [
        ['cardea, deciding', writeFigure(perSecond.cardea), ''],
        ['Express 5, a constant', writeFigure(perSecond.express), writeFigure(overExpress)],
        ['node:http, a constant', writeFigure(perSecond.bare), writeFigure(overBare)],
      ],
    ),
    `service process: ${writeFigure(memory.rssMb)} MB resident, ${writeFigure(memory.peakMb)} MB at its peak\n`,
  ].join('');
}

function writeEndurance({ decisions, reloadsMb }: NonNullable<BenchmarkResult['endurance']>): string {
  const columns = Array.from({ length: 10 }, (_, at) => `${at + 1}/10`);
  return writeTable(
    ['MB after', ...columns],
    [
      ['decisions, live', ...decisions.liveMb.map(writeFigure)],
      ['decisions, resident', ...decisions.rssMb.map(writeFigure)],
      ['reloads, resident', ...reloadsMb.map(writeFigure)],
    ],
  );
}
