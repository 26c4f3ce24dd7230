import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { digestOf, hexOf, type Digest } from '@cardea/schemas/digest';
import { copyFileSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mcpSources, pinGuardrail } from '../../test/mcpSources.ts';
import { TestArchive } from '../../test/testArchive.ts';
import { ManifestShelf } from './manifestShelf.ts';

let archive: TestArchive;
let published: Digest;

beforeAll(async () => {
  archive = await TestArchive.create('mcp', await pinGuardrail());
  published = await archive.publish(mcpSources);
});

afterAll(() => archive.remove());

const shelf = (): ManifestShelf => new ManifestShelf(archive.archive, archive.trust);
const manifestOf = (digest: Digest): string => join(archive.directory, 'manifests', hexOf(digest));
const signatureOf = (digest: Digest): string => join(archive.directory, 'signatures', hexOf(digest));

describe('the manifests of an archive', () => {
  it('are given byte for byte, and again without the archive', async () => {
    const one = shelf();
    const bytes = (await one.read(published)) as Uint8Array;
    expect(digestOf(bytes)).toBe(published);
    const moved = `${manifestOf(published)}.moved`;
    copyFileSync(manifestOf(published), moved);
    rmSync(manifestOf(published));
    expect(await one.read(published)).toBe(bytes);
    expect(await shelf().read(published)).toBeUndefined();
    copyFileSync(moved, manifestOf(published));
  });

  it('are not those that have other bytes than their digest says', async () => {
    const whole = readFileSync(manifestOf(published));
    writeFileSync(manifestOf(published), `${String(whole)} `);
    expect(await shelf().read(published)).toBeUndefined();
    writeFileSync(manifestOf(published), whole);
  });

  it('are not those whose signature is that of another', async () => {
    const other = digestOf('anything else');
    writeFileSync(manifestOf(other), 'anything else');
    copyFileSync(signatureOf(published), signatureOf(other));
    expect(await shelf().read(other)).toBeUndefined();
  });

  it('are not those that nobody signed', async () => {
    const unsigned = digestOf('anything');
    writeFileSync(manifestOf(unsigned), 'anything');
    expect(await shelf().read(unsigned)).toBeUndefined();
  });

  it('are no files elsewhere, whatever points at them', async () => {
    const linked = join(archive.directory, 'elsewhere');
    copyFileSync(manifestOf(published), linked);
    rmSync(manifestOf(published));
    symlinkSync(linked, manifestOf(published));
    expect(await shelf().read(published)).toBeUndefined();
  });
});
