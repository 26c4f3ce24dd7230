// Verdicts that proxies share through Redis. Whoever owns Redis can lose them and can show old ones; it can neither make
// one, nor change one, nor move one to another question, nor lengthen its life: an entry counts only when its seal is
// right, it is about this very question, and its time has come and is not over. All else is a miss.
import { readsFleeting } from '@cardea/schemas/cedar';
import { sha256Hex } from '@cardea/schemas/digest';
import type { RedisAnswer, RedisFailure } from '../../redis/redisAnswer.ts';
import type { ReadPaths } from '../fingerprint.ts';
import {
  maySettle,
  readPathList,
  readVerdict,
  writePaths,
  writeVerdict,
  type EntryContent,
  type KeptAnswer,
  type Life,
} from './entryContent.ts';
import type { EntryKeys } from './entryKeys.ts';
import { entryBytesMax, openEntry, sealEntry, type Opened } from './sealedEntry.ts';
import type { SharedAnswer, SharedQuestion, SharedVerdicts } from './sharedVerdicts.ts';
import { serverOf, writePathsSubject, writeVerdictSubject } from './subject.ts';

/** Bytes by key, for a time. Never rejects. */
export interface EntryStore {
  /** As far as `bytesMax` goes, and one further; empty where there is none. */
  read(key: string, bytesMax: number): Promise<RedisAnswer<Buffer>>;
  write(key: string, bytes: Buffer, lifetimeMs: number): Promise<RedisAnswer<unknown>>;
}

export type Miss =
  | 'absent'
  | RedisFailure
  | Extract<Opened, { kind: 'refused' }>['why']
  /** About another question. */
  | 'foreign'
  /** From a time that has not come yet. */
  | 'early'
  | 'expired'
  /** Longer than any verdict lives. */
  | 'overlong'
  /** What is current was not known, or had changed, by the time that it was here. */
  | 'stale';

export interface SharedCacheOptions {
  readonly store: EntryStore;
  readonly keys: EntryKeys;
  readonly organisation: string;
  /** The bundle that is known to be current; undefined where nothing is. */
  readonly currentBundle: () => string | undefined;
  /** Wall clock, in milliseconds. */
  readonly now: () => number;
  readonly onLookup: (what: SharedKind, outcome: 'hit' | Miss) => void;
  readonly onWrite: (what: SharedKind, outcome: 'kept' | RedisFailure) => void;
}

export type SharedKind = 'verdict' | 'paths';

/** Longest lives, whatever the decision service says. */
const lifetimesMs = { allow: 60_000, deny: 10_000 } as const;

/** What a bundle's verdicts can read never changes. */
const pathsLifetimeMs = 3_600_000;

/** How far apart the clocks of two proxies may be. */
export const skewMsMax = 1_000;

interface Kind<T> {
  readonly name: SharedKind;
  readonly read: (content: Uint8Array) => EntryContent<T> | undefined;
  readonly lifetimeMs: (value: T) => number;
}

const verdicts: Kind<KeptAnswer> = {
  name: 'verdict',
  read: readVerdict,
  lifetimeMs: ({ verdict }) => (verdict === 'allow' ? lifetimesMs.allow : lifetimesMs.deny),
};

const pathLists: Kind<readonly string[]> = {
  name: 'paths',
  read: readPathList,
  lifetimeMs: () => pathsLifetimeMs,
};

export class SharedCache implements SharedVerdicts {
  readonly #options: SharedCacheOptions;

  constructor(options: SharedCacheOptions) {
    this.#options = options;
  }

  async findPaths(question: SharedQuestion): Promise<readonly string[] | undefined> {
    const subject = orNothing(() => writePathsSubject(this.#options.organisation, question));
    const found = subject === undefined ? undefined : await this.#find(pathLists, question, subject);
    return found?.value;
  }

  async find(question: SharedQuestion, paths: ReadPaths): Promise<SharedAnswer | undefined> {
    const subject = this.#describe(question, paths);
    const found = subject === undefined ? undefined : await this.#find(verdicts, question, subject);
    if (found === undefined) return undefined;
    const expires = new Date(found.expiresMs - skewMsMax).toISOString();
    return { ...found.value, bundle: question.bundle, dependsOn: [...paths.pointers], expires };
  }

  keep(question: SharedQuestion, paths: ReadPaths, answer: SharedAnswer, isNews: boolean): void {
    const { organisation, now } = this.#options;
    if (answer.expires === undefined || !maySettle(answer) || !this.#isCurrent(question)) return;
    const subject = this.#describe(question, paths);
    if (subject === undefined) return;
    const issuedMs = now();
    const expiresMs = Math.min(Date.parse(answer.expires), issuedMs + verdicts.lifetimeMs(answer));
    if (!(expiresMs > issuedMs)) return;
    const verdict = { subject, issuedMs, expiresMs, value: answer };
    this.#write('verdict', question, verdict, writeVerdict(verdict));
    if (!isNews) return;
    const list = {
      subject: writePathsSubject(organisation, question),
      issuedMs,
      expiresMs: issuedMs + pathsLifetimeMs,
      value: paths.pointers,
    };
    this.#write('paths', question, list, writePaths(list));
  }

  /** Undefined for what may not be shared, or cannot be named. */
  #describe(question: SharedQuestion, paths: ReadPaths): Uint8Array | undefined {
    if (readsFleeting(paths.pointers)) return undefined;
    return orNothing(() => writeVerdictSubject(this.#options.organisation, question, paths));
  }

  async #find<T>(
    kind: Kind<T>,
    question: SharedQuestion,
    subject: Uint8Array,
  ): Promise<EntryContent<T> | undefined> {
    const found = await this.#look(kind, question, subject);
    this.#options.onLookup(kind.name, typeof found === 'string' ? found : 'hit');
    return typeof found === 'string' ? undefined : found;
  }

  async #look<T>(
    { name, read, lifetimeMs }: Kind<T>,
    question: SharedQuestion,
    subject: Uint8Array,
  ): Promise<EntryContent<T> | Miss> {
    if (!this.#isCurrent(question)) return 'stale';
    const { store, keys, now } = this.#options;
    const answer = await store.read(keyOf(name, subject), entryBytesMax);
    if (answer.kind === 'failed') return answer.why;
    if (answer.value.length === 0) return 'absent';
    const server = serverOf(question.about.target);
    const opened = openEntry(answer.value, (id) => keys.reading(server, id));
    if (opened.kind === 'refused') return opened.why;
    const content = read(opened.content);
    if (content === undefined) return 'malformed';
    if (Buffer.compare(content.subject, subject) !== 0) return 'foreign';
    const problem = judgeLife(content, lifetimeMs(content.value), now());
    if (problem !== undefined) return problem;
    return this.#isCurrent(question) ? content : 'stale';
  }

  #write(
    name: SharedKind,
    { about }: SharedQuestion,
    { subject, issuedMs, expiresMs }: EntryContent<unknown>,
    content: Uint8Array,
  ): void {
    const { store, keys, onWrite } = this.#options;
    const entry = sealEntry(content, keys.writing(serverOf(about.target)));
    if (entry.length > entryBytesMax) return;
    // The call goes on without it.
    void store.write(keyOf(name, subject), entry, expiresMs - issuedMs).then((answer) => {
      onWrite(name, answer.kind === 'failed' ? answer.why : 'kept');
    });
  }

  #isCurrent({ bundle }: SharedQuestion): boolean {
    return this.#options.currentBundle() === bundle;
  }
}

function keyOf(name: SharedKind, subject: Uint8Array): string {
  return `${name}:${sha256Hex(subject)}`;
}

function judgeLife({ issuedMs, expiresMs }: Life, mostMs: number, nowMs: number): Miss | undefined {
  if (issuedMs > nowMs + skewMsMax) return 'early';
  if (expiresMs - issuedMs > mostMs) return 'overlong';
  return expiresMs - skewMsMax > nowMs ? undefined : 'expired';
}

/** What has no bytes is not shared. */
function orNothing(write: () => Uint8Array | undefined): Uint8Array | undefined {
  try {
    return write();
  } catch {
    return undefined;
  }
}
