// npm run bench:pdp [-- --quick] [--json] [--assert]
//   --quick   within 50 s; without it also the long runs, over minutes
//   --json    one JSON object on standard output, and nothing else
//   --assert  exit code 1 where a target of targets.ts is missed
import { parseArgs } from 'node:util';
import { runBenchmark } from './benchmark.ts';
import { efforts } from './effort.ts';
import { makeReport, writeReport } from './report.ts';

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    /** For tests: every stage runs, too shortly to mean anything. */
    smoke: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    assert: { type: 'boolean', default: false },
  },
});
const effort = efforts[flags.smoke ? 'smoke' : flags.quick ? 'quick' : 'full'];

const start = performance.now();
const secondsSoFar = (): number => (performance.now() - start) / 1_000;
const figures = await runBenchmark(effort, (stage) => {
  process.stderr.write(`${secondsSoFar().toFixed(1).padStart(6)} s  ${stage}\n`);
});
const report = makeReport(figures, effort, secondsSoFar());
process.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : `\n${writeReport(report)}`);
// Cedarling keeps timers; there is nothing left to wait for.
process.exit(flags.assert && report.missed.length > 0 ? 1 : 0);
