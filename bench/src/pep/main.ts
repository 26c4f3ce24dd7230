// npm run bench:pep [-- --quick] [--json] [--assert]
import { runProgram } from '../program/program.ts';
import { runBenchmark } from './benchmark.ts';
import { efforts } from './effort.ts';
import { makeReport, writeReport } from './report.ts';

process.exitCode = await runProgram({ efforts, run: runBenchmark, report: makeReport, write: writeReport });
