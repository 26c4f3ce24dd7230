// Plants each mistake, one at a time, and demands that the tests named for it turn red: laws that cannot fail prove
// nothing. Every run is a Jest process of its own over source edited in memory.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { Mutant } from './mutant.ts';
import { mutants } from './mutants.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const jest = 'node_modules/jest/bin/jest.js';
const config = 'integration-tests/src/mutants/jest.config.js';

interface Run {
  readonly code: number | null;
  readonly report: string;
}

function runTestsWith(mutant: Mutant): Promise<Run> {
  return new Promise((resolve) => {
    const flags = [
      '--experimental-vm-modules',
      jest,
      '--config',
      config,
      '--bail',
      '--runInBand',
      mutant.noticedBy,
    ];
    const env = { ...process.env, CARDEA_MUTANT: JSON.stringify(mutant), CARDEA_PROPERTY_SEED: '1' };
    const child = spawn(process.execPath, flags, { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let report = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (report += text));
    child.on('close', (code) => {
      resolve({ code, report });
    });
  });
}

describe('planted mistakes', () => {
  // Two at a time: each is a process of its own, and most of its time is Jest's start.
  it.concurrent.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
    '%s',
    async (_, mutant) => {
      const { code, report } = await runTestsWith(mutant);
      // A test that failed, not a suite that could not start: an edit that breaks the syntax notices nothing.
      expect(report).toMatch(/● .+ › /);
      expect(report).not.toContain('Test suite failed to run');
      expect(code).toBe(1);
    },
    240_000,
  );
});
