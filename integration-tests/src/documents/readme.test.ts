// README.md: its commands, run one after the other from a folder of their own as a newcomer would, answer what stands
// below them. `…` on the page is whatever differs from run to run.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CardeaProcess, endAll, repository } from '../processes/cardeaProcess.ts';
import { readCodeBlocks } from './codeBlocks.ts';

const page = readFileSync(join(repository, 'README.md'), 'utf8');
const blocks = readCodeBlocks(page);
const folder = mkdtempSync(join(tmpdir(), 'cardea-readme-'));

/** What a newcomer brings along, and where services listen on a machine of their own. */
const stands: Record<string, string> = {
  'npx cardea': `${process.execPath} ${join(repository, 'cli/bin/cardea.js')}`,
  'node your-server.js': `${process.execPath} ${join(repository, 'cli/src/mcp/fixtures/deskServer.ts')}`,
};

interface Step {
  /** Its last line. */
  readonly name: string;
  readonly command: string;
  /** What the page shows below it, if it shows anything. */
  readonly answer: { readonly info: string; readonly text: string } | undefined;
}

const steps = blocks.flatMap(({ info, text }, at): Step[] => {
  const next = blocks[at + 1];
  if (info !== 'sh') return [];
  const name = text.trim().split('\n').at(-1) ?? '';
  return [{ name, command: text, answer: next?.info === 'sh' ? undefined : next }];
});
const installs = steps.filter(({ command }) => command.startsWith('npm ci'));
const services = /^node cli\/bin\/cardea\.js (?:signer|pdp|pep) /;

let start: CardeaProcess;

beforeAll(async () => {
  cpSync(join(repository, 'examples'), join(folder, 'examples'), { recursive: true });
  start = new CardeaProcess(['start', '--port', '0', '--proxy-port', '0'], { cwd: folder });
  stands['http://127.0.0.1:8470'] = await start.until(/cardea decides at (\S+)\n/);
  stands['http://127.0.0.1:8480/desk/mcp'] = await start.until(/cardea stands before (\S+)\n/);
  for (const port of ['8471', '8481']) stands[port] = await findFreePort();
});

afterAll(async () => {
  await endAll();
  rmSync(folder, { recursive: true, force: true });
});

// `npm test` finds them, or names what is missing.
const canRun = ['bash', 'curl', 'openssl'].every(
  (program) => spawnSync('bash', ['-c', `command -v ${program}`]).status === 0,
);

describe('the README', () => {
  it('installs and starts with npm alone', () => {
    expect(installs.map(({ command }) => command)).toEqual(['npm ci && npm start\n', 'npm ci && npm test\n']);
    const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(scripts).toMatchObject({
      start: 'exec node cli/bin/cardea.js start',
      test: 'node tools/runTests.js',
    });
  });

  it('shows the commands that a start prints', () => {
    const printed = start.out
      .replaceAll(/\S+(?=examples\/quickstart\/(?:calls|requests))/g, '@')
      .replaceAll(/\s+/g, ' ');
    const ofStart = steps.filter(({ command }) => /^curl \S+ http:\/\/127\.0\.0\.1:84[78]0\//.test(command));
    expect(ofStart).toHaveLength(5);
    for (const { command } of ofStart)
      expect(printed).toContain(stand(command).trim().replaceAll(/\s+/g, ' '));
  });

  (canRun ? it : it.skip).each(steps.filter((step) => !installs.includes(step)))(
    'is answered as it says: $name',
    async ({ command, answer }) => {
      if (services.test(command)) {
        await serve(command);
        return;
      }
      const { code, out, err } = await run(command);
      if (answer === undefined) {
        expect([code, err]).toEqual([0, '']);
      } else if (answer.info === 'json') {
        expect(JSON.parse(out)).toEqual(withWildcards(JSON.parse(answer.text)));
      } else {
        expect(out + err).toMatch(patternOf(answer.text));
      }
    },
  );
});

/** In the shell, with a stand for what only a newcomer has. */
function run(command: string): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn('bash', ['-c', stand(command)], { cwd: folder });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, out, err });
    });
  });
}

function stand(command: string): string {
  return Object.entries(stands).reduce((line, [shown, real]) => line.replaceAll(shown, real), command);
}

async function findFreePort(): Promise<string> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return String(port);
}

/** Each command of the block as a service that has come up. */
async function serve(command: string): Promise<void> {
  for (const line of stand(command).replaceAll('\\\n', ' ').trim().split('\n')) {
    const words = line.trim().split(/\s+/).slice('node cli/bin/cardea.js'.split(' ').length);
    const service = new CardeaProcess(words, { cwd: folder });
    await service.until(/"event":"(?:authority_issued|listening)"/);
  }
}

function patternOf(text: string): RegExp {
  const parts = text.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^]*?')}$`);
}

function withWildcards(value: unknown): unknown {
  if (typeof value === 'string' && value.includes('…')) return expect.stringMatching(patternOf(value));
  if (Array.isArray(value)) return value.map(withWildcards);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withWildcards(member)]));
}
