// The policies that ship with the product, judged by the command that authors use: formatted, each with id and message,
// each satisfied by a test.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../../..', import.meta.url));

function cardea(...words: readonly string[]): { status: number | null; stdout: string } {
  return spawnSync(process.execPath, ['cli/bin/cardea.js', ...words], { cwd: root, encoding: 'utf8' });
}

describe.each(['guardrails', 'starter'])('policies/%s', (name) => {
  const folder = `policies/${name}`;

  it('passes its tests, which reach every policy', () => {
    const { status, stdout } = cardea(
      'policy',
      'test',
      '--policies',
      folder,
      '--coverage-min',
      '100',
      `${folder}/tests`,
    );
    expect(stdout).toContain(', 0 failed');
    expect(status).toBe(0);
  });

  it('is formatted', () => {
    expect(cardea('policy', 'fmt', '--check', folder).status).toBe(0);
  });

  it('has an id and a message on every policy', () => {
    const files = readdirSync(join(root, folder)).filter((file) => file.endsWith('.cedar'));
    const text = files.map((file) => readFileSync(join(root, folder, file), 'utf8')).join('\n');
    const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
    const policies = count(/^(permit|forbid) \(/gm);
    expect(policies).toBeGreaterThan(7);
    expect([count(/^@id\("/gm), count(/^@message\("/gm)]).toEqual([policies, policies]);
  });
});
