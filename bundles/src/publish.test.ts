import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { formatSignerKey, generateKey } from '@cardea/schemas/note';
import { engine, guardrails, makeSources, signer, trust } from '../test/sample.ts';
import { DirectoryArchive } from './archive/directoryArchive.ts';
import { makeProblem } from './build/buildProblem.ts';
import { diffBundles } from './diff.ts';
import { openBundle } from './open/openBundle.ts';
import { readHead, writeHead, type Head } from './open/seal.ts';
import { publish, rollback, type PublishOptions } from './publish.ts';

let directory: string;
let archive: DirectoryArchive;
let options: PublishOptions;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cardea-publish-'));
  archive = new DirectoryArchive(join(directory, 'archive'));
  const publisher = { archive, signer, publishers: [signer.verifier] };
  options = { ...publisher, engine, guardrails, runTests: () => Promise.resolve([]) };
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

const headNow = async (): Promise<Head> => readHead(await archive.readHead(), 'acme', [signer.verifier]);

const published = async (change: Readonly<Record<string, string>> = {}): Promise<Head> => {
  const result = await publish(makeSources(change), options);
  if (result.kind === 'refused') throw new Error(JSON.stringify(result.problems));
  return result.head;
};

const comment = (text: string): Record<string, string> => ({ 'policies/more.cedar': `// ${text}\n` });

describe('publish', () => {
  it('moves the head to a bundle that opens', async () => {
    const head = await published();
    expect(head.seq).toBe(1);
    expect(await headNow()).toEqual(head);
    expect((await openBundle(archive, head.bundle, trust)).digest).toBe(head.bundle);
  });

  it('counts up, and leaves the head alone where nothing changed', async () => {
    await published(comment('one'));
    const second = await published(comment('two'));
    expect(second.seq).toBe(2);
    const again = await publish(makeSources(comment('two')), options);
    expect(again).toMatchObject({ kind: 'published', moved: false, head: second });
  });

  it('leaves nothing behind when the sources are refused', async () => {
    const result = await publish(makeSources({ 'policies/x.cedar': 'permit' }), options);
    expect(result).toMatchObject({ kind: 'refused', problems: [{ code: 'policy_syntax' }] });
    await expect(readdir(archive.directory)).rejects.toThrow('ENOENT');
  });

  it('runs the tests against what would be opened, and stops where one fails', async () => {
    const failure = makeProblem('test_failed', 'expected allow', { file: 'tests/a.json' });
    const tests = new Map([['tests/a.json', new Uint8Array()]]);
    const seen: unknown[] = [];
    const result = await publish(
      { ...makeSources(), tests },
      {
        ...options,
        runTests: (bundle, given) => {
          seen.push(bundle.policyFiles.length, given);
          return Promise.resolve([failure]);
        },
      },
    );
    expect(result).toEqual({ kind: 'refused', problems: [failure] });
    expect(seen).toEqual([3, tests]);
    await expect(readdir(archive.directory)).rejects.toThrow('ENOENT');
  });

  it('does not count on from a head that no publisher signed', async () => {
    const first = await published();
    await archive.writeHead(writeHead({ ...first, seq: 99 }, generateKey(signer.verifier.name)));
    await expect(published(comment('two'))).rejects.toMatchObject({ code: 'bundle_unsigned' });
  });
});

describe('rollback', () => {
  it('makes an older bundle current under a higher seq', async () => {
    const first = await published(comment('one'));
    await published(comment('two'));
    expect(await rollback(first.bundle, trust, options)).toEqual({ head: { ...first, seq: 3 }, moved: true });
    expect(await headNow()).toEqual({ ...first, seq: 3 });
  });

  it('refuses a bundle that does not open any more, and keeps the head', async () => {
    const first = await published(comment('one'));
    const second = await published(comment('two'));
    const stricter = { ...trust, guardrails: new Map([['new', first.bundle]]) };
    await expect(rollback(first.bundle, stricter, options)).rejects.toMatchObject({
      code: 'bundle_missing_guardrail',
    });
    expect(await headNow()).toEqual(second);
  });
});

describe('diffBundles', () => {
  it('names what came, went and changed', async () => {
    const before = await openBundle(archive, (await published()).bundle, trust);
    const change = {
      'policies/common.cedar':
        '@id("everyone-reads") permit (principal, action in Action::"read", resource is Tool);',
      'policies/own.cedar': '@id("own") permit (principal, action == Action::"ping", resource);',
      'catalog/github.json':
        '{"server":{"id":"github","owner":"a","risk":"low","environment":"e"},"tools":[]}',
    };
    const after = await openBundle(archive, (await published(change)).bundle, trust);
    expect(diffBundles(before, after)).toEqual({
      files: {
        added: ['policies/own.cedar'],
        removed: [],
        changed: ['catalog/github.json', 'policies/common.cedar'],
      },
      policies: {
        added: ['own'],
        removed: ['at-most-20-destructive-calls-an-hour'],
        changed: ['everyone-reads'],
      },
      tools: { added: [], removed: ['github/create_issue', 'github/list_issues'], changed: [] },
      servers: { added: [], removed: [], changed: ['github'] },
      engineChanged: false,
    });
    expect(diffBundles(after, after).files).toEqual({ added: [], removed: [], changed: [] });
  });
});

describe('publishers as processes', () => {
  const loop = new URL('../test/publishLoop.ts', import.meta.url).pathname;

  const start = (rounds: number): ChildProcess =>
    spawn(process.execPath, [loop, archive.directory, join(directory, 'key'), String(rounds)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  beforeEach(async () => {
    await writeFile(join(directory, 'key'), formatSignerKey(signer), { mode: 0o600 });
  });

  it('take turns: each one moves the head once a round', async () => {
    const children = [start(3), start(3), start(3)];
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'close'))[0] as number));
    expect(codes).toEqual([0, 0, 0]);
    expect((await headNow()).seq).toBe(9);
  }, 60_000);

  it('killed at any point leave a head that opens, and a lock that the next one takes', async () => {
    const kills = 50;
    let { seq } = await published();
    let roundMs = 0;
    for (let kill = 0; kill < kills; kill += 1) {
      const child = start(1_000);
      const lines = child.stdout as NodeJS.EventEmitter;
      await once(lines, 'data');
      // Half of them in their first round, which is the slowest; the others in a later one.
      if (kill % 2 === 0) {
        const begun = performance.now();
        await once(lines, 'data');
        roundMs = performance.now() - begun;
      }
      await delay(Math.random() * roundMs);
      child.kill('SIGKILL');
      await once(child, 'close');
      const head = await headNow();
      expect(head.seq).toBeGreaterThanOrEqual(seq);
      seq = head.seq;
      await openBundle(archive, head.bundle, trust);
    }
    // Those that were let through a round moved the head.
    expect(seq).toBeGreaterThan(kills / 2);
    const last = await published(comment('after all kills'));
    expect(last.seq).toBe(seq + 1);
    const left = await readdir(archive.directory, { recursive: true });
    expect(left.filter((name) => name.includes('.tmp-'))).toEqual([]);
  }, 180_000);
});
