// npm run bench:pdp [-- --quick] [--json] [--assert]
import { runProgram } from '../program/program.ts';
import { runBenchmark } from './benchmark.ts';
import { efforts } from './effort.ts';
import { makeReport, writeReport } from './report.ts';

const exitCode = await runProgram({ efforts, run: runBenchmark, report: makeReport, write: writeReport });
// Cedarling keeps timers; there is nothing left to wait for.
process.exit(exitCode);
