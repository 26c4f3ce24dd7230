import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { digestOf } from '@cardea/schemas/digest';
import { generateKey } from '@cardea/schemas/note';
import { DirectoryArchive } from '../archive/directoryArchive.ts';
import { writeHead } from '../open/seal.ts';
import { AuthorityReceiver } from './authorityReceiver.ts';
import { signAuthority, type AuthoritySignerOptions } from './authoritySigner.ts';

const publisher = generateKey('publisher.example');
const signer = generateKey('authority.example');

let directory: string;
let archive: DirectoryArchive;
let stop: AbortController;
let running: Promise<void>;

const headOf = (seq: number, key = publisher): Uint8Array =>
  writeHead({ organisation: 'acme', seq, bundle: digestOf(String(seq)) }, key);

/** Starts the signer; `rounds` lists the seq of each statement issued, and faults. */
const run = (
  options: Partial<AuthoritySignerOptions> = {},
): { rounds: (number | string)[]; reached: (count: number) => Promise<void> } => {
  const rounds: (number | string)[] = [];
  let waiting: (() => void)[] = [];
  const note = (round: number | string): void => {
    rounds.push(round);
    waiting.forEach((check) => {
      check();
    });
  };
  running = signAuthority(
    {
      archive,
      organisation: 'acme',
      signer,
      publishers: [publisher.verifier],
      now: Date.now,
      intervalMs: 10,
      onFault: (fault) => {
        note((fault as Error).message);
      },
      onIssued: ({ seq }) => {
        note(seq);
      },
      ...options,
    },
    stop.signal,
  );
  const reached = (count: number): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (rounds.length >= count) resolve();
      };
      waiting = [...waiting, check];
      check();
    });
  return { rounds, reached };
};

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cardea-signer-'));
  archive = new DirectoryArchive(directory);
  await archive.prepare();
  stop = new AbortController();
});

afterEach(async () => {
  stop.abort();
  await running;
  await rm(directory, { recursive: true });
});

describe('signAuthority', () => {
  it('says again and again what the head names, so that receivers stay fresh', async () => {
    await archive.writeHead(headOf(1));
    const { rounds, reached } = run();
    await reached(3);
    expect(rounds).toEqual([1, 1, 1]);
    const answer = await archive.readAuthority();
    if (answer.kind !== 'changed') throw new Error('no statement');
    const receiver = new AuthorityReceiver({
      verifiers: [signer.verifier],
      organisation: 'acme',
      now: Date.now,
    });
    expect(receiver.receive(answer.bytes)).toMatchObject({ kind: 'accepted', statement: { seq: 1 } });
    expect(receiver.freshness()).toBe('fresh');
  });

  it('says a change at once, not only when the interval ends', async () => {
    await archive.writeHead(headOf(1));
    const { rounds, reached } = run({ intervalMs: 3_600_000 });
    await reached(1);
    await archive.writeHead(headOf(2));
    await reached(2);
    expect(rounds).toEqual([1, 2]);
  });

  it('vouches for nothing before there is a head, and starts when there is one', async () => {
    const { rounds, reached } = run();
    await reached(1);
    expect(rounds[0]).toBe('the archive has no head');
    await archive.writeHead(headOf(1));
    while (rounds.at(-1) !== 1) await reached(rounds.length + 1);
  });

  it.each([
    [
      'a head that no publisher signed',
      () => headOf(3, generateKey('publisher.example')),
      'no trusted key signed this',
    ],
    ['a head that was put back', () => headOf(1), 'the head fell from 2 to 1'],
  ])('does not pass on %s', async (_, makeHead, message) => {
    await archive.writeHead(headOf(2));
    const { rounds, reached } = run({ intervalMs: 3_600_000 });
    await reached(1);
    await archive.writeHead(makeHead());
    await reached(2);
    expect(rounds).toEqual([2, message]);
  });
});
