// What an operator of a proxy has: a folder with keys, an archive, a callers file and grants, and beside it a signer and a
// decision service that run.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256Hex } from '@cardea/schemas/digest';
import { cardea, CardeaProcess, endAll, repository, type Ended } from './cardeaProcess.ts';

const example = join(repository, 'examples/quickstart');

const env: Readonly<Record<string, string>> = {
  CARDEA_ARCHIVE: 'archive',
  CARDEA_TRUST: 'publisher.pub',
  CARDEA_ORGANISATION: 'example',
  CARDEA_AUTHORITY: 'authority.pub',
  CARDEA_KEY: 'authority.key',
  CARDEA_CALLERS: 'callers.json',
  CARDEA_CONFIG: 'pep.json',
  CARDEA_GRANTS: 'grants.json',
  CARDEA_METRICS: '127.0.0.1:0',
  CARDEA_PORT: '0',
  CARDEA_WORKERS: '1',
};

/** Ann is in support, and shows the token `ann`. */
export const annGrant = {
  id: 'ann-1',
  tokenSha256: sha256Hex('ann'),
  person: { id: 'ann', groups: ['support'] },
  agent: { id: 'assistant', groups: [] },
  servers: ['desk'],
  tools: [],
  effects: ['read', 'write'],
  issued: new Date().toISOString(),
  expires: '2100-01-01T00:00:00Z',
};

export class Operator {
  readonly #folder: string;
  /** Where the decision service is. */
  readonly decision: string;
  /** States which bundle is current. */
  readonly signer: CardeaProcess;

  private constructor(folder: string, decision: string, signer: CardeaProcess) {
    this.#folder = folder;
    this.decision = decision;
    this.signer = signer;
  }

  /** The example is published, and decided by. */
  static async start(): Promise<Operator> {
    const folder = mkdtempSync(join(tmpdir(), 'cardea-operator-'));
    cpSync(example, join(folder, 'desk'), { recursive: true });
    for (const name of ['publisher', 'authority']) {
      const key = ['keys', 'create', `test.example/${name}`, '--out', `${name}.key`];
      const { out } = await cardea(key, { cwd: folder });
      writeFileSync(join(folder, `${name}.pub`), out);
    }
    const proxy = { class: 'proxy', name: 'front', servers: ['desk'], tokenSha256: sha256Hex('front') };
    writeFileSync(join(folder, 'callers.json'), JSON.stringify({ callers: [proxy] }));
    writeFileSync(join(folder, 'proxy.token'), 'front\n');
    writeFileSync(join(folder, 'grants.json'), JSON.stringify({ grants: [annGrant] }));
    const publish = ['bundle', 'publish', 'desk', '--archive', 'archive', '--key', 'publisher.key'];
    const { code, err } = await cardea(publish, { cwd: folder });
    if (code !== 0) throw new Error(err);
    const signer = new CardeaProcess(['signer'], { cwd: folder, env });
    await signer.until(/"event":"authority_issued"/);
    return new Operator(folder, (await startDecision(folder)).url, signer);
  }

  write(name: string, content: unknown): void {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    writeFileSync(join(this.#folder, name), text);
  }

  run(...words: string[]): Promise<Ended> {
    return cardea(words, { cwd: this.#folder, env });
  }

  /** Another decision service beside the first. */
  startDecision(...words: string[]): Promise<{ readonly pdp: CardeaProcess; readonly url: string }> {
    return startDecision(this.#folder, words);
  }

  /** With what stands in pep.json. */
  async startProxy(...words: string[]): Promise<{ readonly pep: CardeaProcess; readonly url: string }> {
    const pep = new CardeaProcess(['pep', ...words], { cwd: this.#folder, env });
    return { pep, url: await pep.until(/"event":"listening","address":"([^"]+)"/) };
  }

  /** Everything that it has started has ended then. */
  async stop(): Promise<void> {
    await endAll();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function startDecision(
  folder: string,
  words: readonly string[] = [],
): Promise<{ readonly pdp: CardeaProcess; readonly url: string }> {
  const pdp = new CardeaProcess(['pdp', ...words], { cwd: folder, env });
  return { pdp, url: await pdp.until(/"event":"listening","address":"([^"]+)"/) };
}
