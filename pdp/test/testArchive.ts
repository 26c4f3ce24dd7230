// An archive in a temporary directory, with a publisher and a signer of its own: what a decision service is started on
// in tests. Nothing in it is faked.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectoryArchive, loadInstalledEngine, publish, rollback, type EngineFile } from '@cardea/bundles';
import { issueStatement } from '@cardea/bundles/authority';
import { readHead, type Guardrails, type Profile, type Trust } from '@cardea/bundles/open';
import type { Digest } from '@cardea/schemas/digest';
import { generateKey } from '@cardea/schemas/note';

export type SourceFiles = Readonly<Record<string, string>>;

const organisation = 'acme';
const publisher = generateKey('publisher.example');
const signer = generateKey('authority.example');

/** How long a statement of the test signer holds, and how often it makes a new one. */
const lifetimeMs = 30_000;
const intervalMs = 500;

export class TestArchive {
  readonly directory = mkdtempSync(join(tmpdir(), 'cardea-pdp-'));
  readonly archive = new DirectoryArchive(this.directory);
  /** For processes that publish and sign beside this one. */
  readonly keys = { publisher, signer };
  readonly authorityVerifiers = [signer.verifier];
  readonly #profile: Profile;
  readonly #engine: EngineFile;
  readonly #guardrails: Guardrails;
  #timer: NodeJS.Timeout | undefined;
  #stating: Promise<void> = Promise.resolve();

  private constructor(profile: Profile, engine: EngineFile, guardrails: Guardrails) {
    this.#profile = profile;
    this.#engine = engine;
    this.#guardrails = guardrails;
  }

  static async create(profile: Profile, guardrails: Guardrails = new Map()): Promise<TestArchive> {
    return new TestArchive(profile, await loadInstalledEngine(), guardrails);
  }

  get trust(): Trust {
    return {
      verifiers: [publisher.verifier],
      organisation,
      profile: this.#profile,
      engines: new Set([this.#engine.digest]),
      guardrails: this.#guardrails,
    };
  }

  /** Publishes the sources and says that they are current. Throws with the first problem of a bundle that is refused. */
  async publish(sources: SourceFiles): Promise<Digest> {
    const project = JSON.stringify({ organisation, profile: this.#profile });
    const files = new Map(
      Object.entries({ 'cardea.json': project, ...sources }).map(([path, text]) => [path, Buffer.from(text)]),
    );
    const result = await publish(
      { files, tests: new Map() },
      {
        archive: this.archive,
        signer: publisher,
        publishers: [publisher.verifier],
        engine: this.#engine,
        guardrails: this.#guardrails,
        runTests: () => Promise.resolve([]),
      },
    );
    if (result.kind === 'refused') throw new Error(JSON.stringify(result.problems));
    await this.state();
    return result.head.bundle;
  }

  async rollback(digest: Digest): Promise<void> {
    await rollback(digest, this.trust, {
      archive: this.archive,
      signer: publisher,
      publishers: [publisher.verifier],
    });
    await this.state();
  }

  /** One statement for the head; `bundle` makes it name another one. */
  async state(options: { lifetimeMs?: number; bundle?: Digest; seq?: number } = {}): Promise<void> {
    const head = readHead(await this.archive.readHead(), organisation, [publisher.verifier]);
    const stated = { ...head, bundle: options.bundle ?? head.bundle, seq: options.seq ?? head.seq };
    await this.archive.writeAuthority(
      issueStatement(signer, stated, { now: Date.now, lifetimeMs: options.lifetimeMs ?? lifetimeMs }),
    );
  }

  /** Statements at a steady pace, as a signer makes them, until the archive is removed. Before a head there are none. */
  keepStating(): void {
    this.#timer ??= setInterval(() => {
      this.#stating = this.state().catch(() => undefined);
    }, intervalMs);
  }

  stopStating(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async remove(): Promise<void> {
    this.stopStating();
    await this.#stating;
    rmSync(this.directory, { recursive: true, force: true });
  }
}
