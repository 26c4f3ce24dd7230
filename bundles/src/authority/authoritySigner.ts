// The small signer, for where there is no control plane: reads the head of an archive and says every second that it is
// current. It alone needs the authority's key; publishers sign with their own.

import { watch } from 'node:fs';
import type { Signer, Verifier } from '@cardea/schemas/note';
import type { DirectoryArchive } from '../archive/directoryArchive.ts';
import { readHead, type Head } from '../open/seal.ts';
import { issueStatement } from './statement.ts';

export interface AuthoritySignerOptions {
  readonly archive: DirectoryArchive;
  readonly organisation: string;
  readonly signer: Signer;
  /** Keys of those who may publish: a head that none of them signed is not passed on. */
  readonly publishers: readonly Verifier[];
  readonly now: () => number;
  /** How long each statement holds. */
  readonly lifetimeMs?: number;
  readonly intervalMs?: number;
  /** Told of every round that issued nothing, with its cause; the loop goes on. */
  readonly onFault: (fault: unknown) => void;
  readonly onIssued?: (head: Head) => void;
}

export const intervalMsDefault = 1_000;
export const lifetimeMsDefault = 30_000;

/** Issues statements until the signal aborts; resolves when the last round has ended. */
export async function signAuthority(options: AuthoritySignerOptions, signal: AbortSignal): Promise<void> {
  const wake = new Wake();
  const stop = (): void => {
    wake.ring();
  };
  signal.addEventListener('abort', stop);
  const watcher = watch(options.archive.directory, (_, name) => {
    if (name === 'head') wake.ring();
  });
  // Watching only makes a change known sooner; where it fails, the interval remains.
  watcher.on('error', options.onFault);
  let last: Head | undefined;
  try {
    while (!signal.aborted) {
      last = await issueRound(options, last);
      await wake.wait(options.intervalMs ?? intervalMsDefault);
    }
  } finally {
    watcher.close();
    signal.removeEventListener('abort', stop);
  }
}

/** One statement into the archive. Gives back the head that it vouched for, or the one before where it could not. */
async function issueRound(
  options: AuthoritySignerOptions,
  last: Head | undefined,
): Promise<Head | undefined> {
  const { archive, organisation, signer, publishers, now, lifetimeMs = lifetimeMsDefault } = options;
  try {
    const head = readHead(await archive.readHead(), organisation, publishers);
    // INVARIANT: a signer never lowers what it said itself, whoever put back an old head.
    if (last !== undefined && head.seq < last.seq)
      throw new Error(`the head fell from ${last.seq} to ${head.seq}`);
    await archive.writeAuthority(issueStatement(signer, head, { now, lifetimeMs }));
    options.onIssued?.(head);
    return head;
  } catch (fault) {
    options.onFault(fault);
    return last;
  }
}

/** A pause that can be cut short; a ring while nobody waits cuts the next one. */
class Wake {
  #isRung = false;
  #resume: (() => void) | undefined;

  ring(): void {
    this.#isRung = true;
    this.#resume?.();
  }

  async wait(pauseMs: number): Promise<void> {
    if (!this.#isRung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pauseMs);
        this.#resume = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#resume = undefined;
    this.#isRung = false;
  }
}
