// The inspector's command line as a client of what `npm start` serves: the README's calls are allowed, denied with the
// reason, and answered as a tool that is not there, whether or not it asks for the stateless revisions first, which the
// sample server does not have.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CardeaProcess, endAll, repository, type Ended } from './cardeaProcess.ts';

const require = createRequire(import.meta.url);
const inspector = require.resolve('@modelcontextprotocol/inspector/clients/launcher/build/index.js');
const folder = mkdtempSync(join(tmpdir(), 'cardea-inspector-'));

/** What a client of people has to ask in no more than. */
const askMsMax = 15_000;

let service: CardeaProcess;
let url = '';

beforeAll(async () => {
  service = new CardeaProcess(['start', '--port', '0', '--proxy-port', '0'], { cwd: folder });
  url = await service.until(/cardea stands before (\S+)\n/);
});

afterAll(async () => {
  await endAll();
  rmSync(folder, { recursive: true, force: true });
});

interface Params {
  readonly name: string;
  readonly arguments: object;
}

/** As it stands in examples/quickstart/calls. */
function readCall(name: string): Params {
  const text = readFileSync(join(repository, `examples/quickstart/calls/${name}.json`), 'utf8');
  return (JSON.parse(text) as { params: Params }).params;
}

/** On behalf of ann. What it keeps, it keeps in a home of its own. */
function inspect(era: string, ...words: string[]): Promise<Ended> {
  const token = readFileSync(join(folder, '.cardea/tokens/ann'), 'utf8').trim();
  const child = spawn(
    process.execPath,
    [
      ...[inspector, '--cli', url, '--transport', 'http', '--protocol-era', era, '--quiet'],
      ...['--header', `Authorization: Bearer ${token}`, ...words],
    ],
    { env: { ...process.env, HOME: folder }, stdio: ['ignore', 'pipe', 'pipe'], timeout: askMsMax },
  );
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, out, err });
    });
  });
}

function call(era: string, { name, arguments: args }: Params): Promise<Ended> {
  const words = ['--tool-name', name, '--tool-args-json', JSON.stringify(args)];
  return inspect(era, '--method', 'tools/call', ...words);
}

const ran = (): string[] => [...service.out.matchAll(/^desk runs (\w+)$/gm)].map(([, tool = '']) => tool);

describe.each(['legacy', 'auto'])('the inspector, with the revisions %s', (era) => {
  it('lists what ann may use', async () => {
    const { code, out } = await inspect(era, '--method', 'tools/list');
    const { tools } = JSON.parse(out) as { tools: { name: string }[] };
    expect(code).toBe(0);
    expect(tools.map(({ name }) => name)).toEqual([
      'search_tickets',
      'reply_to_ticket',
      'refund_order',
      'read_ticket',
      'assign_ticket',
    ]);
  });

  it('gets a real answer to what is allowed', async () => {
    const before = ran().length;
    const { code, out } = await call(era, readCall('allowed'));
    expect([code, JSON.parse(out)]).toEqual([
      0,
      { content: [{ type: 'text', text: 'Refunded 12.00 of order A-1001 to c-31.' }] },
    ]);
    expect(ran().slice(before)).toEqual(['refund_order']);
  });

  it('is told why something is denied, and nothing of it runs', async () => {
    const before = ran().length;
    const { code, out, err } = await call(era, readCall('denied'));
    expect([code, out]).toEqual([1, '']);
    expect(JSON.parse(err)).toMatchObject({
      error: { message: 'The reply holds personal data. Send it as an internal note.' },
    });
    expect(ran().length).toBe(before);
  });

  it('learns as much of a hidden tool as of one that there is not', async () => {
    const hidden = await call(era, readCall('hidden'));
    const missing = await call(era, { ...readCall('hidden'), name: 'no_such_tool' });
    expect(hidden.code).toBe(5);
    expect(hidden.err).toContain("'export_customers' not found");
    expect({ ...hidden, err: hidden.err.replaceAll('export_customers', 'no_such_tool') }).toEqual(missing);
    expect(ran()).not.toContain('export_customers');
  });
});
