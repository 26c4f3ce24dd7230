import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readBounded } from './boundedFile.ts';

const folder = mkdtempSync(join(tmpdir(), 'cardea-bounded-'));
const place = (name: string): string => join(folder, name);
const read = (name: string, bytesMax = 10): Promise<Uint8Array> => readBounded(place(name), name, bytesMax);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('readBounded', () => {
  it.each([0, 1, 9, 10])('reads %i bytes', async (length) => {
    writeFileSync(place('file'), 'x'.repeat(length));
    expect(Buffer.from(await read('file')).toString()).toBe('x'.repeat(length));
  });

  // As for one that grows after its size was asked: this one says that it has none.
  (process.platform === 'linux' ? it : it.skip)('refuses a file that is larger than it says', async () => {
    const growing = (bytesMax: number): Promise<Uint8Array> =>
      readBounded('/proc/self/status', 'growing', bytesMax);
    await expect(growing(10)).rejects.toMatchObject({ code: 'archive_too_large' });
    expect(Buffer.from(await growing(100_000)).toString()).toMatch(/^Name:[^]*\n$/);
  });

  it.each([
    ['nothing', 'nothing', 'archive_missing'],
    ['a file that is too large', 'large', 'archive_too_large'],
    ['a folder', 'folder', 'archive_unreachable'],
    ['a link, whatever it points at', 'link', 'archive_unreachable'],
    ['a pipe into which nobody writes', 'pipe', 'archive_unreachable'],
  ])('refuses %s', async (_, name, code) => {
    writeFileSync(place('large'), 'x'.repeat(11));
    mkdirSync(place('folder'), { recursive: true });
    if (name === 'link') {
      writeFileSync(place('secret'), 'x');
      symlinkSync(place('secret'), place('link'));
    }
    if (name === 'pipe') execFileSync('mkfifo', [place('pipe')]);
    await expect(read(name)).rejects.toMatchObject({ code });
  });

  it('refuses a device without end', async () => {
    await expect(readBounded('/dev/zero', 'device', 10)).rejects.toMatchObject({
      code: 'archive_unreachable',
    });
  });
});
