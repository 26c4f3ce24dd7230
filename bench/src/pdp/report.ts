// The result for programs (one JSON object) and for people (tables).
import { stateRun, type RunFacts } from '../program/runFacts.ts';
import { writeTargets } from '../targets/target.ts';
import { writeFigure, writeTable } from '../text/table.ts';
import type { BenchmarkResult } from './benchmark.ts';
import type { Effort } from './effort.ts';
import { contenders } from './stages/peers.ts';
import type { CountsResult } from './stages/policyCounts.ts';
import { targets, type Ratios } from './targets.ts';

export interface Report extends Ratios, Companions, RunFacts {
  readonly figures: BenchmarkResult;
}

/** What stands beside the targets: requests that are alike, and requests of which no two are. */
export interface Companions {
  readonly http16_unlike_over_express_constant: number;
  readonly hot_alike_10k_over_10: number;
  readonly hot_unlike_10k_over_10: number;
  /** Microseconds a decision takes in the engine with the most policies. */
  readonly us_alike: number;
  readonly us_unlike: number;
}

const whatIsRemembered =
  'alike: 64 requests again and again, which an engine remembers: it keeps the verdicts on its last 4,096 questions.\n' +
  'unlike: each about another amount and by another person, so that each is evaluated. So are all decisions of peers.\n';

export function makeReport(figures: BenchmarkResult, effort: Effort, seconds: number): Report {
  const ratios = readRatios(figures);
  return {
    ...ratios,
    ...readCompanions(figures),
    ...stateRun({ effort: effort.name, seconds, targets, figures: ratios }),
    figures,
  };
}

function readRatios({ policyCounts, unread, threads, memory, http, endurance }: BenchmarkResult): Ratios {
  return {
    // Out of memory all numbers of policies are alike: what has to be evaluated tells them apart.
    hot_10k_over_10: policyCounts.unlike.ratio,
    http16_over_express_constant: http.alike.express,
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

function readCompanions({ policyCounts: { alike, unlike }, http }: BenchmarkResult): Companions {
  const last = ({ microseconds }: CountsResult): number => Object.values(microseconds).at(-1) ?? NaN;
  return {
    http16_unlike_over_express_constant: http.unlike.express,
    hot_alike_10k_over_10: alike.ratio,
    hot_unlike_10k_over_10: unlike.ratio,
    us_alike: last(alike),
    us_unlike: last(unlike),
  };
}

export function writeReport(report: Report): string {
  const { figures, effort, node, processors, seconds } = report;
  const head = `pdp benchmark (${effort}), Node ${node}, ${processors} processors, ${writeFigure(seconds)} s\n`;
  const parts = [
    writeTargets(targets, report),
    whatIsRemembered,
    writePeers(figures),
    writeEngine(figures),
    writeThreads(figures),
    writeHttp(figures),
  ];
  if (figures.endurance !== undefined) parts.push(writeEndurance(figures.endurance));
  return [head, ...parts].join('\n');
}

function writePeers({ peers }: BenchmarkResult): string {
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
  return [writeTable(head, rows), 'cedar: its full set, preparsed once\n', ...reasons].join('');
}

function writeEngine({ policyCounts: { alike, unlike }, unread }: BenchmarkResult): string {
  const figure = ({ microseconds }: CountsResult, count: string): string =>
    writeFigure(microseconds[count] ?? NaN);
  const counts = Object.keys(unlike.microseconds).map((count) => [
    `${count} policies + 20`,
    figure(alike, count),
    figure(unlike, count),
  ]);
  const { none, unread: laden } = unread.microseconds;
  return writeTable(
    ['us a decision, engine alone', 'alike', 'unlike'],
    [
      ...counts,
      ['no unread arguments', writeFigure(none)],
      ['100 KB of unread arguments', writeFigure(laden)],
    ],
  );
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
  const { perSecond, alike, unlike, connections, threads, answerBytes } = http;
  const title = `HTTP, ${connections} connections, ${threads} threads, ${answerBytes} B`;
  return [
    writeTable(
      [title, 'answers a second', 'alike / it', 'unlike / it'],
      [
        ['cardea, requests alike', writeFigure(perSecond.alike)],
        ['cardea, requests unlike', writeFigure(perSecond.unlike)],
        ['Express 5, a constant', ...[perSecond.express, alike.express, unlike.express].map(writeFigure)],
        ['node:http, a constant', ...[perSecond.bare, alike.bare, unlike.bare].map(writeFigure)],
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
