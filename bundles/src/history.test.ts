import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { digestOf, type Digest } from '@cardea/schemas/digest';
import { generateKey } from '@cardea/schemas/note';
import { signer } from '../test/sample.ts';
import { DirectoryArchive } from './archive/directoryArchive.ts';
import { findPrevious } from './history.ts';
import { writeHead } from './open/seal.ts';

let archive: DirectoryArchive;

beforeEach(async () => {
  archive = new DirectoryArchive(await mkdtemp(join(tmpdir(), 'cardea-history-')));
  await archive.prepare();
});

afterEach(async () => {
  await rm(archive.directory, { recursive: true });
});

const named = (name: string): Digest => digestOf(name);

async function makeHistory(names: string, key = signer): Promise<void> {
  for (const [index, name] of Array.from(names).entries()) {
    const bytes = writeHead({ organisation: 'acme', seq: index + 1, bundle: named(name) }, key);
    await archive.writePastHead(index + 1, bytes);
    await archive.writeHead(bytes);
  }
}

describe('findPrevious', () => {
  it.each([
    ['A', undefined],
    ['AB', 'A'],
    ['ABC', 'B'],
    // Rolled back once: what is next lies before, not what was rolled back.
    ['ABCB', 'A'],
    ['ABCBA', undefined],
    ['ABCBD', 'B'],
    ['XABA', 'X'],
  ])('of %s is %s', async (names, expected) => {
    await makeHistory(names);
    const previous = await findPrevious(archive, 'acme', [signer.verifier]);
    expect(previous).toBe(expected === undefined ? undefined : named(expected));
  });

  it('does not count a head that a killed publisher left above the current one', async () => {
    await makeHistory('AB');
    await archive.writePastHead(3, writeHead({ organisation: 'acme', seq: 3, bundle: named('C') }, signer));
    expect(await findPrevious(archive, 'acme', [signer.verifier])).toBe(named('A'));
  });

  it('refuses a past that no publisher signed, or that was moved', async () => {
    await makeHistory('AB');
    const find = (): Promise<unknown> => findPrevious(archive, 'acme', [signer.verifier]);
    const stranger = generateKey(signer.verifier.name);
    await archive.writePastHead(1, writeHead({ organisation: 'acme', seq: 1, bundle: named('Z') }, stranger));
    await expect(find()).rejects.toMatchObject({ code: 'bundle_unsigned' });
    await archive.writePastHead(1, await archive.readHead());
    await expect(find()).rejects.toMatchObject({ code: 'bundle_tampered' });
  });
});
