import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sha256Hex } from '@cardea/schemas/digest';
import { Problems, type Problem } from '../health/problems.ts';
import { GrantFile } from './grantFile.ts';
import type { Identity } from './identity.ts';

const start = Date.parse('2026-11-20T12:00:00Z');
const time = (atMs: number): string => new Date(start + atMs).toISOString();

function makeGrant(id: string, change: object = {}): Record<string, unknown> {
  return {
    id,
    tokenSha256: sha256Hex(`token-${id}`),
    person: { id: 'ann', groups: ['support'] },
    agent: { id: 'assistant', groups: [] },
    servers: ['desk'],
    tools: [],
    effects: ['read'],
    issued: time(0),
    expires: time(60_000),
    ...change,
  };
}

let folder: string;
let path: string;
let nowMs: number;
let problem: Problem | undefined;
let changes: number;
let file: GrantFile;

const write = (...grants: object[]): void => {
  writeFileSync(path, JSON.stringify({ grants }));
};

async function open(): Promise<GrantFile> {
  const problems = new Problems((_, current) => (problem = current));
  file = await GrantFile.open(path, { now: () => nowMs, report: problems.report });
  file.onChange(() => (changes += 1));
  return file;
}

const find = (id: string): Identity | undefined => file.find(`token-${id}`);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-grants-'));
  path = join(folder, 'grants.json');
  nowMs = start + 1_000;
  problem = undefined;
  changes = 0;
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('a token', () => {
  it('finds its person, agent and grant, and nothing else does', async () => {
    write(makeGrant('one'), makeGrant('two', { person: { id: 'bob', groups: [] } }));
    await open();
    expect(find('one')).toMatchObject({
      person: { id: 'ann' },
      agent: { id: 'assistant' },
      grant: { id: 'one' },
    });
    expect(find('two')?.person.id).toBe('bob');
    for (const token of ['', 'token', sha256Hex('token-one'), 'token-one ', 'x'.repeat(10_000)])
      expect(file.find(token)).toBeUndefined();
  });

  it.each<[string, object, number]>([
    ['expired', { expires: time(1_000) }, 0],
    ['revoked', { revoked: true }, 0],
    ['not issued yet', { issued: time(2_000) }, 0],
  ])('finds nobody where the grant is %s', async (_, change) => {
    write(makeGrant('one', change));
    await open();
    expect(find('one')).toBeUndefined();
  });
});

describe('an identity', () => {
  it.each<[string, object[]]>([
    ['the grant is gone', []],
    ['it is revoked', [makeGrant('one', { revoked: true })]],
    ['the person has another group', [makeGrant('one', { person: { id: 'ann', groups: [] } })]],
    ['the grant covers less', [makeGrant('one', { effects: [] })]],
    ['the token is another one', [makeGrant('one', { tokenSha256: sha256Hex('new') })]],
  ])('does not stand any more when %s', async (_, grants) => {
    write(makeGrant('one'));
    await open();
    const identity = find('one') as Identity;
    expect(file.isCurrent(identity)).toBe(true);
    write(...grants);
    await file.poll();
    expect([file.isCurrent(identity), changes]).toEqual([false, 1]);
  });

  it('stands, as the same object, while only others change', async () => {
    write(makeGrant('one'));
    await open();
    const identity = find('one') as Identity;
    write(makeGrant('two'), makeGrant('one'));
    await file.poll();
    expect([file.isCurrent(identity), find('one') === identity, changes]).toEqual([true, true, 1]);
  });

  it('stands until it expires, and everybody hears of that', async () => {
    write(makeGrant('one'), makeGrant('two', { issued: time(30_000) }));
    await open();
    const identity = find('one') as Identity;
    await file.poll();
    expect(changes).toBe(0);
    nowMs = start + 30_000;
    await file.poll();
    expect([changes, find('two')?.grant.id]).toEqual([1, 'two']);
    nowMs = start + 59_999;
    expect(file.isCurrent(identity)).toBe(true);
    nowMs = start + 60_000;
    expect(file.isCurrent(identity)).toBe(false);
    await file.poll();
    await file.poll();
    expect(changes).toBe(2);
  });
});

describe('the file', () => {
  it('is read again when it was replaced, or edited in place within the same moment and to the same length', async () => {
    write(makeGrant('one'));
    await open();
    writeFileSync(`${path}.new`, JSON.stringify({ grants: [makeGrant('two')] }));
    renameSync(`${path}.new`, path);
    await file.poll();
    expect([find('one'), find('two')?.grant.id]).toEqual([undefined, 'two']);
    write(makeGrant('six'));
    await file.poll();
    expect(find('six')?.grant.id).toBe('six');
  });

  it('tells nobody of a change that changes nothing', async () => {
    write(makeGrant('one'));
    await open();
    writeFileSync(path, JSON.stringify({ grants: [makeGrant('one')] }, null, 2));
    await file.poll();
    expect(changes).toBe(0);
  });

  it('leaves the grants as they were while it is not right, says where, and recovers', async () => {
    write(makeGrant('one'));
    await open();
    writeFileSync(path, '{"grants": [\n  {"id": 7}\n]}');
    await file.poll();
    await file.poll();
    expect(problem).toMatchObject({
      code: 'grants_refused',
      detail: expect.stringMatching(`^${path}:2:10: grants.0.id: `),
    });
    expect([find('one')?.grant.id, changes]).toEqual(['one', 0]);
    rmSync(path);
    await file.poll();
    expect(problem).toMatchObject({ code: 'grants_unreadable', detail: `${path}: ENOENT` });
    expect(find('one')?.grant.id).toBe('one');
    write(makeGrant('two'));
    await file.poll();
    expect([problem, find('one'), find('two')?.grant.id]).toEqual([undefined, undefined, 'two']);
  });

  it('is still wrong where it comes back as wrong as before', async () => {
    write(makeGrant('one'));
    await open();
    writeFileSync(path, '{}');
    await file.poll();
    rmSync(path);
    await file.poll();
    writeFileSync(path, '{}');
    await file.poll();
    expect(problem?.code).toBe('grants_refused');
  });

  it.each<[string, string, RegExp]>([
    ['no JSON', 'grants', /^line 1, column 1: /],
    ['no grants', '{}', /^line 1, column 1: grants: /],
    [
      'a grant without an end',
      JSON.stringify({ grants: [{ ...makeGrant('a'), expires: undefined }] }),
      /grants\.0\.expires: /,
    ],
    [
      'a day that there is not',
      JSON.stringify({ grants: [makeGrant('a', { expires: '2026-02-30T00:00:00Z' })] }),
      /expires/,
    ],
    ['a misspelt field', JSON.stringify({ grants: [makeGrant('a', { revokd: true })] }), /"revokd"/],
    [
      'a token in clear',
      JSON.stringify({ grants: [makeGrant('a', { tokenSha256: 'hunter2' })] }),
      /tokenSha256: expected 64/,
    ],
    ['two grants of one id', JSON.stringify({ grants: [makeGrant('a'), makeGrant('a')] }), /the same$/],
    [
      'two grants of one token',
      JSON.stringify({ grants: [makeGrant('a'), makeGrant('b', { tokenSha256: sha256Hex('token-a') })] }),
      /the same$/,
    ],
    [
      'a tool without its server',
      JSON.stringify({ grants: [makeGrant('a', { tools: ['refund'] })] }),
      /tools\.0: /,
    ],
    [
      'an effect that there is not',
      JSON.stringify({ grants: [makeGrant('a', { effects: ['all'] })] }),
      /effects\.0: /,
    ],
    [
      'a tag that Cedar would take for an entity',
      JSON.stringify({
        grants: [makeGrant('a', { person: { id: 'ann', groups: [], tags: { __entity: 'x' } } })],
      }),
      /person\.tags: /,
    ],
    [
      'a person that no question could carry',
      JSON.stringify({
        grants: [
          makeGrant('a', {
            person: { id: 'ann', groups: Array.from({ length: 1_000 }, (_, at) => `${at}`.padStart(100)) },
          }),
        ],
      }),
      /bytes/,
    ],
  ])('does not open with %s', async (_, text, message) => {
    writeFileSync(path, text);
    await expect(open()).rejects.toMatchObject({
      name: 'JsonRefusal',
      message: expect.stringMatching(message),
    });
  });

  it('does not open where it is not there', async () => {
    await expect(open()).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
