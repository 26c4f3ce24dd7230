// Identities from the grants file. A change takes effect at the next look at it, without a restart; a file that cannot
// be used leaves the grants as they were, and is reported until it can.
import { JsonRefusal } from '@cardea/schemas/json';
import { grantsSchema, readWire, readWireDocument } from '@cardea/schemas/wire';
import { WatchedFile } from '../config/watchedFile.ts';
import type { OnProblem, Problem } from '../health/problems.ts';
import { GrantTable } from './grantTable.ts';
import type { Identities, Identity } from './identity.ts';

export interface GrantFileOptions {
  /** The wall clock, in milliseconds. */
  readonly now: () => number;
  readonly report: OnProblem;
}

/** Room for as many grants as the schema takes, at a few hundred bytes each. */
const documentLimits = { bytesMax: 16 * 1024 * 1024, nodesMax: 2_000_000 } as const;

export class GrantFile implements Identities {
  readonly #file: WatchedFile;
  readonly #options: GrantFileOptions;
  readonly #listeners = new Set<() => void>();
  #table = new GrantTable([]);
  #nextChangeMs = Infinity;
  /** Of the content that was read last. */
  #problem: Problem | undefined;

  private constructor(path: string, options: GrantFileOptions) {
    this.#file = new WatchedFile(path, { ...documentLimits, now: options.now });
    this.#options = options;
  }

  /** Throws JsonRefusal for a file that is not right, and what reading a file throws. */
  static async open(path: string, options: GrantFileOptions): Promise<GrantFile> {
    const grants = new GrantFile(path, options);
    const bytes = await grants.#file.poll();
    if (bytes !== undefined) grants.#take(bytes);
    return grants;
  }

  find(token: string): Identity | undefined {
    return this.#table.find(token, this.#options.now());
  }

  /** True for what `find` gave as long as person, agent, grant and token are what they were. */
  isCurrent(identity: Identity): boolean {
    return this.#table.stands(identity, this.#options.now());
  }

  /** Whoever takes a grant back wants an end of all that it began. */
  mayFinish(identity: Identity): boolean {
    return this.isCurrent(identity);
  }

  /** What a grant does not cover is a matter of policies. */
  requireScope(): void {
    return undefined;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** To be called at a regular pace, a second apart at most. Never throws. */
  async poll(): Promise<void> {
    try {
      const bytes = await this.#file.poll();
      if (bytes !== undefined)
        this.#problem = this.#tryTo(() => {
          this.#take(bytes);
        });
      this.#options.report('grants', this.#problem);
    } catch (fault) {
      const { code, message } = fault as NodeJS.ErrnoException;
      this.#options.report('grants', describe('grants_unreadable', `${this.#file.path}: ${code ?? message}`));
    }
    // Grants begin and expire by themselves.
    if (this.#options.now() >= this.#nextChangeMs) this.#announce();
  }

  #take(bytes: Uint8Array): void {
    const read = (value: unknown): GrantTable =>
      new GrantTable(readWire(grantsSchema, value).grants, this.#table);
    const table = readWireDocument(bytes, read, documentLimits);
    const isSame = table.equals(this.#table);
    this.#table = table;
    if (!isSame) this.#announce();
  }

  #tryTo(take: () => void): Problem | undefined {
    try {
      take();
      return undefined;
    } catch (refusal) {
      if (!(refusal instanceof JsonRefusal)) throw refusal;
      const detail = `${this.#file.path}:${refusal.line}:${refusal.column}: ${refusal.detail}`;
      return describe('grants_refused', detail);
    }
  }

  #announce(): void {
    this.#nextChangeMs = this.#table.nextChangeMs(this.#options.now());
    for (const listener of this.#listeners) listener();
  }
}

function describe(code: 'grants_refused' | 'grants_unreadable', detail: string): Problem {
  return { code, message: 'the grants file cannot be used; the grants are those from before', detail };
}
