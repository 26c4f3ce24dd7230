import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { engine, files, makeSources } from '../../test/sample.ts';
import { buildBundle } from './buildBundle.ts';
import { addGuardrails, pinGuardrails } from './guardrails.ts';

const shipped = new URL('../../../policies/guardrails/', import.meta.url).pathname;

describe('pinGuardrails', () => {
  it('pins every policy that ships, and a bundle that holds them is built', async () => {
    const guardrails = await pinGuardrails(shipped, engine);
    expect(guardrails.size).toBeGreaterThan(0);
    const copied: Record<string, string> = { ...files, 'policies/guardrails/approved.cedar': '' };
    for (const name of (await readdir(shipped)).filter((file) => file.endsWith('.cedar'))) {
      copied[`policies/guardrails/${name}`] = await readFile(join(shipped, name), 'utf8');
    }
    const result = await buildBundle(makeSources(copied), { engine, guardrails });
    expect(result.kind === 'refused' ? result.problems : []).toEqual([]);
    const lacking = await buildBundle(makeSources(), { engine, guardrails });
    expect(lacking.kind === 'refused' ? lacking.problems.length : 0).toBe(guardrails.size);
  });

  it('pins the text of a policy, not where its file has blanks and comments around it', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'cardea-guardrails-'));
    const pin = async (text: string): Promise<unknown> => {
      await writeFile(join(directory, 'a.cedar'), text);
      return [...(await pinGuardrails(directory, engine))];
    };
    const text = '@id("a") forbid (principal, action, resource);';
    expect(await pin(`// Why.\n\n${text}\n`)).toEqual(await pin(text));
    expect(await pin(text.replace(' (', '('))).not.toEqual(await pin(text));
    await expect(pin('forbid (principal')).rejects.toThrow(/no closing semicolon/);
    await expect(pin('forbid (principal, action, resource);')).rejects.toThrow(/@id/);
    await rm(directory, { recursive: true });
  });
});

describe('addGuardrails', () => {
  it('builds a project that holds none of them, and leaves its own files as they are', async () => {
    const guardrails = await pinGuardrails(shipped, engine);
    const bare = makeSources({ 'policies/guardrails/approved.cedar': undefined });
    const result = await buildBundle(await addGuardrails(bare, shipped), { engine, guardrails });
    expect(result.kind === 'refused' ? result.problems : []).toEqual([]);
    const own = makeSources({ 'policies/guardrails/approved.cedar': '// none\n' });
    const kept = await addGuardrails(own, shipped);
    expect(kept.files.get('policies/guardrails/approved.cedar')).toEqual(
      own.files.get('policies/guardrails/approved.cedar'),
    );
    const refused = await buildBundle(kept, { engine, guardrails });
    expect(refused).toMatchObject({ kind: 'refused', problems: [{ code: 'guardrail_missing' }, {}, {}] });
  });
});
