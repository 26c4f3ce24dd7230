// A benchmark as a program: its flags, its clock, its output and its exit code.
//   --quick   within 50 s; without it also the long runs, over minutes
//   --json    one JSON object on standard output, and nothing else
//   --assert  exit code 1 where a target is missed
import { parseArgs } from 'node:util';

/** `smoke` is for tests: every stage runs, too shortly to mean anything. */
export type EffortName = 'quick' | 'full' | 'smoke';

export interface Program<Effort, Figures, Report extends { readonly missed: readonly string[] }> {
  readonly efforts: Readonly<Record<EffortName, Effort>>;
  /** `onStage` hears of each stage as it begins. */
  readonly run: (effort: Effort, onStage: (name: string) => void) => Promise<Figures>;
  readonly report: (figures: Figures, effort: Effort, seconds: number) => Report;
  /** For people. */
  readonly write: (report: Report) => string;
}

/** Resolves with the exit code. */
export async function runProgram<Effort, Figures, Report extends { readonly missed: readonly string[] }>(
  program: Program<Effort, Figures, Report>,
): Promise<number> {
  const { values: flags } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      smoke: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      assert: { type: 'boolean', default: false },
    },
  });
  const effort = program.efforts[flags.smoke ? 'smoke' : flags.quick ? 'quick' : 'full'];
  const start = performance.now();
  const secondsSoFar = (): number => (performance.now() - start) / 1_000;
  const figures = await program.run(effort, (stage) => {
    process.stderr.write(`${secondsSoFar().toFixed(1).padStart(6)} s  ${stage}\n`);
  });
  const report = program.report(figures, effort, secondsSoFar());
  process.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : `\n${program.write(report)}`);
  return flags.assert && report.missed.length > 0 ? 1 : 0;
}
