// The conformance suite of MCP's maintainers against a URL: what each check of each scenario came to.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Revision = '2025-11-25' | '2026-07-28';

/** By scenario and check. A check that is made more than once has an outcome for each time, in order. */
export type Outcomes = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

export interface SuiteRun {
  readonly url: string;
  readonly revision: Revision;
  /** All that the revision requires or only reports, without. */
  readonly scenario?: string;
}

const program = createRequire(import.meta.url).resolve('@modelcontextprotocol/conformance/dist/index.js');

/** A suite that has not ended by then is stuck. */
const timeoutMs = 150_000;

/** Rejects where the suite says nothing of any scenario. */
export async function runSuite(run: SuiteRun): Promise<Outcomes> {
  const folder = await mkdtemp(join(tmpdir(), 'cardea-conformance-'));
  try {
    const out = await runProgram([...wordsOf(run), '--output-dir', folder]);
    const outcomes = await readOutcomes(folder);
    if (Object.keys(outcomes).length === 0) throw new Error(`the suite ran nothing:\n${out}`);
    return outcomes;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function wordsOf({ url, revision, scenario }: SuiteRun): string[] {
  const selection =
    scenario === undefined
      ? ['--requirements', revision]
      : ['--scenario', scenario, '--spec-version', revision, '--force'];
  return ['server', '--url', url, ...selection];
}

/** Whether checks fail is not its exit code's to say here. */
async function runProgram(words: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [program, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
  });
  const texts: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => texts.push(text));
  }
  const [, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  const out = texts.join('');
  if (signal !== null) throw new Error(`the suite was ended by ${signal}:\n${out.slice(-2_000)}`);
  return out;
}

interface Check {
  readonly id: string;
  readonly status: string;
}

/** A scenario has a folder, named for it and the time; it is empty when the scenario threw. */
async function readOutcomes(folder: string): Promise<Outcomes> {
  const outcomes: Record<string, Record<string, string[]>> = {};
  for (const name of (await readdir(folder)).sort()) {
    const scenario = name.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, '');
    const checks = (outcomes[scenario] ??= {});
    for (const { id, status } of await readChecks(join(folder, name, 'checks.json'))) {
      (checks[id] ??= []).push(status);
    }
  }
  return outcomes;
}

async function readChecks(file: string): Promise<readonly Check[]> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? [{ id: 'the scenario', status: 'THREW' }] : (JSON.parse(text) as Check[]);
}
