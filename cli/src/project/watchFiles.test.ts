import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runOnChange } from './watchFiles.ts';

/** Longer than a change takes to be noticed. */
const noticedMs = 400;

describe('runOnChange', () => {
  let folder: string;
  let stop: AbortController;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cardea-watch-'));
    for (const name of ['policies', '.state', 'node_modules']) mkdirSync(join(folder, name));
    stop = new AbortController();
  });

  afterEach(() => {
    stop.abort();
    rmSync(folder, { recursive: true });
  });

  const save = (...names: string[]): void => {
    writeFileSync(join(folder, ...names), String(performance.now()));
  };

  it('runs one at a time, and once more for all that changed meanwhile', async () => {
    const log: string[] = [];
    const [first, second] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const waits = [first.promise, second.promise];
    const watching = runOnChange([folder], stop.signal, async () => {
      log.push('begin');
      await waits.shift();
      log.push('end');
    });
    save('policies', 'a.cedar');
    await pause(noticedMs);
    save('policies', 'b.cedar');
    await pause(noticedMs);
    expect(log).toEqual(['begin']);
    first.resolve(undefined);
    await pause(noticedMs);
    expect(log).toEqual(['begin', 'end', 'begin']);
    stop.abort();
    second.resolve(undefined);
    await watching;
    expect(log).toEqual(['begin', 'end', 'begin', 'end']);
  });

  it.each([
    [['.state', 'head'], 1],
    [['node_modules', 'a.cedar'], 1],
    [['policies', 'a.cedar'], 2],
    [['cardea.json'], 2],
  ])('after a change of %j has run %i times', async (names, count) => {
    let runs = 0;
    const watching = runOnChange([folder], stop.signal, () => {
      runs += 1;
    });
    save(...names);
    await pause(noticedMs);
    stop.abort();
    await watching;
    expect(runs).toBe(count);
  });

  it('stays with names, whatever takes the place of a file or a folder', async () => {
    save('policies', 'a.cedar');
    let runs = 0;
    const watching = runOnChange([folder], stop.signal, () => {
      runs += 1;
    });
    const steps: (() => void)[] = [
      // As editors save: a new file in the place of the old one.
      () => {
        save('policies', 'a.new');
        renameSync(join(folder, 'policies', 'a.new'), join(folder, 'policies', 'a.cedar'));
      },
      () => {
        save('policies', 'a.cedar');
      },
      // As tools deploy: a new folder in the place of the old one.
      () => {
        mkdirSync(join(folder, 'next', 'deep'), { recursive: true });
        rmSync(join(folder, 'policies'), { recursive: true });
        renameSync(join(folder, 'next'), join(folder, 'policies'));
      },
      () => {
        save('policies', 'b.cedar');
      },
      () => {
        save('policies', 'deep', 'c.cedar');
      },
    ];
    for (const [at, step] of steps.entries()) {
      step();
      await pause(noticedMs);
      expect([at, runs]).toEqual([at, at + 2]);
    }
    stop.abort();
    await watching;
  });

  it('of one file sees no other', async () => {
    save('a.json');
    let runs = 0;
    const watching = runOnChange([join(folder, 'a.json')], stop.signal, () => {
      runs += 1;
    });
    save('b.json');
    await pause(noticedMs);
    expect(runs).toBe(1);
    save('a.json');
    await pause(noticedMs);
    expect(runs).toBe(2);
    stop.abort();
    await watching;
  });

  it('runs once for a signal that has aborted before', async () => {
    let runs = 0;
    stop.abort();
    await runOnChange([folder], stop.signal, () => {
      runs += 1;
    });
    expect(runs).toBe(1);
  });

  it('ends with the fault of the task', async () => {
    const failing = runOnChange([folder], stop.signal, () => Promise.reject(new Error('a fault')));
    await expect(failing).rejects.toThrow('a fault');
  });

  it('demands paths that are there', async () => {
    const watching = runOnChange([folder, join(folder, 'nowhere')], stop.signal, () => undefined);
    await expect(watching).rejects.toThrow(/cannot watch .*nowhere: there is no such file/);
  });
});
