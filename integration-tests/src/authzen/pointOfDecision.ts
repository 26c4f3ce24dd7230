// A decision service that holds the fixture of the certification scenario (openid/authzen,
// certification/authorization-api-1_0-scenario.md), and a caller of it.
import { readFileSync } from 'node:fs';
import { startDecisionService, type DecisionService } from '@cardea/pdp';
import { makeCallers, post, type Reply } from '../../../pdp/test/client.ts';
import { TestArchive } from '../../../pdp/test/testArchive.ts';

export const publicUrl = 'https://pdp.example.com';

const files = ['schema.cedarschema', 'entities.json', 'policies/records.cedar'];

export class PointOfDecision {
  readonly #archive: TestArchive;
  readonly #service: DecisionService;

  private constructor(archive: TestArchive, service: DecisionService) {
    this.#archive = archive;
    this.#service = service;
  }

  static async start(): Promise<PointOfDecision> {
    const archive = await TestArchive.create('plain');
    const read = (name: string): string => readFileSync(new URL(`fixture/${name}`, import.meta.url), 'utf8');
    await archive.publish(Object.fromEntries(files.map((name) => [name, read(name)])));
    archive.keepStating();
    const service = await startDecisionService({
      source: archive.archive,
      trust: archive.trust,
      authority: { verifiers: archive.authorityVerifiers },
      callers: makeCallers([]),
      publicUrl,
      workers: 2,
    });
    return new PointOfDecision(archive, service);
  }

  get address(): string {
    return this.#service.address;
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    return post(`${this.address}${path}`, body, { headers, token: 'proxy-token' });
  }

  async stop(): Promise<void> {
    await this.#service.close();
    await this.#archive.remove();
  }
}
