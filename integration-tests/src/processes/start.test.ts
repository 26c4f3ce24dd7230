// `cardea start`, which is `npm start`: as processes, from a state folder of its own.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cardea, CardeaProcess, endAll, repository, waitFor } from './cardeaProcess.ts';

const example = join(repository, 'examples/quickstart');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-start-'));
});

afterEach(async () => {
  await endAll();
  rmSync(folder, { recursive: true, force: true });
});

function start(...words: string[]): CardeaProcess {
  const ports = ['port', 'proxy-port'].flatMap((name) =>
    words.includes(`--${name}`) ? [] : [`--${name}`, '0'],
  );
  return new CardeaProcess(['start', ...ports, ...words], { cwd: folder });
}

const addressOf = (service: CardeaProcess): Promise<string> => service.until(/cardea decides at (\S+)\n/);

interface Answer {
  readonly decision: boolean;
  readonly context: {
    readonly verdict: string;
    readonly bundle: string;
    readonly reasons: readonly { readonly policy: string }[];
    readonly approvers?: readonly string[];
  };
}

async function ask(address: string, request: string, caller = 'author'): Promise<Answer> {
  const token = readFileSync(join(folder, '.cardea/tokens', caller), 'utf8').trim();
  const response = await fetch(`${address}/access/v1/evaluation`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: readFileSync(join(example, 'requests', `${request}.json`)),
  });
  return (await response.json()) as Answer;
}

describe('the first start', () => {
  it('answers the three requests of the example, with the policies that decided', async () => {
    const service = start();
    const address = await addressOf(service);
    expect(await ask(address, 'allowed')).toMatchObject({
      decision: true,
      context: { verdict: 'allow', reasons: [{ policy: 'support-small-refunds' }] },
    });
    expect(await ask(address, 'denied')).toMatchObject({
      decision: false,
      context: { verdict: 'deny', reasons: [{ policy: 'personal-data-stays-internal' }] },
    });
    expect(await ask(address, 'held', 'proxy')).toMatchObject({
      decision: false,
      context: { verdict: 'hold', approvers: ['finance'] },
    });
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
    expect(await service.end('SIGINT')).toMatchObject({ code: 0, err: '' });
  });

  it('keeps keys, tokens and callers from everybody else', async () => {
    const service = start();
    await addressOf(service);
    const modeOf = (...names: string[]): number => statSync(join(folder, '.cardea', ...names)).mode & 0o777;
    for (const name of ['publisher.key', 'authority.key']) expect(modeOf('keys', name)).toBe(0o600);
    const tokens = ['ann', 'author', 'client', 'desk', 'lee', 'proxy'];
    expect(readdirSync(join(folder, '.cardea/tokens'))).toEqual(tokens);
    for (const name of tokens) expect(modeOf('tokens', name)).toBe(0o600);
    expect([modeOf(), modeOf('keys'), modeOf('tokens')]).toEqual([0o700, 0o700, 0o700]);
    expect([modeOf('callers.json'), modeOf('grants.json')]).toEqual([0o600, 0o600]);
    const files = ['callers.json', 'grants.json'].map((name) =>
      readFileSync(join(folder, '.cardea', name), 'utf8'),
    );
    for (const name of tokens) {
      const token = readFileSync(join(folder, '.cardea/tokens', name), 'utf8').trim();
      expect([service.out, service.err, ...files].join('')).not.toContain(token);
    }
  });
});

describe('a later start', () => {
  it('serves the last good bundle with the same keys and tokens, after a kill at once', async () => {
    const first = start();
    const before = await ask(await addressOf(first), 'allowed');
    const token = readFileSync(join(folder, '.cardea/tokens/author'), 'utf8');
    const { code } = await first.end('SIGKILL');
    expect(code).toBeNull();
    const second = start();
    const after = await ask(await addressOf(second), 'allowed');
    expect(after.context.bundle).toBe(before.context.bundle);
    expect(readFileSync(join(folder, '.cardea/tokens/author'), 'utf8')).toBe(token);
    expect(readdirSync(join(folder, '.cardea/archive/heads'))).toEqual(['1']);
  });

  it('leaves alone what somebody has published there meanwhile', async () => {
    const first = start();
    await addressOf(first);
    cpSync(example, join(folder, 'mine'), { recursive: true });
    writeFileSync(join(folder, 'mine/policies/more.cedar'), '// Ours.\n');
    const target = ['--archive', '.cardea/archive', '--key', '.cardea/keys/publisher.key'];
    const { out } = await cardea(['bundle', 'publish', 'mine', ...target], { cwd: folder });
    expect(out).toContain('published as number 2\n');
    const digest = out.slice(0, 71);
    await first.until(new RegExp(`now decides by ${digest}`));
    await first.end();
    expect((await ask(await addressOf(start()), 'allowed')).context.bundle).toBe(digest);
  });
});

describe('what is in the way', () => {
  it('is one line where another process uses the state folder', async () => {
    const service = start();
    await addressOf(service);
    expect(await start().ended()).toEqual({
      code: 1,
      out: '',
      err: `error: .cardea is in use by process ${service.pid}\nhelp: end it, or give another --state\n`,
    });
  });

  it('is one line where another program has the port, also another decision service', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen({ host: '127.0.0.1', port: 0 }, resolve));
    const { port } = other.address() as { port: number };
    const refusal = {
      code: 1,
      out: '',
      err: `error: cannot listen on 127.0.0.1:${port}: another program listens there\nhelp: choose another with --port\n`,
    };
    expect(await start('--port', `${port}`).ended()).toEqual(refusal);
    await new Promise((resolve) => other.close(resolve));
    await addressOf(start('--state', 'one', '--port', `${port}`));
    expect(await start('--state', 'other', '--port', `${port}`).ended()).toEqual(refusal);
  });
});

describe('--watch', () => {
  it('publishes each change, and keeps the last good bundle while the project is wrong', async () => {
    cpSync(example, join(folder, 'mine'), { recursive: true });
    const policies = join(folder, 'mine/policies/desk.cedar');
    const text = readFileSync(policies, 'utf8');
    const service = start('--watch', 'mine');
    const address = await addressOf(service);
    const first = (await ask(address, 'allowed')).context.bundle;
    writeFileSync(policies, text.replace('permit (', 'permitt ('));
    await service.until(/mine\/policies\/desk\.cedar:3:1: error\[policy_syntax\]/);
    expect(await ask(address, 'allowed')).toMatchObject({ decision: true, context: { bundle: first } });
    writeFileSync(policies, `${text}\n// And a word.\n`);
    const second = await waitFor(async () => {
      const { bundle } = (await ask(address, 'allowed')).context;
      return bundle === first ? undefined : bundle;
    });
    await service.until(new RegExp(`now decides by ${second}\n`));
    expect((await service.end('SIGTERM')).code).toBe(0);
  });

  it('has nothing to serve where the project never was right', async () => {
    cpSync(example, join(folder, 'mine'), { recursive: true });
    writeFileSync(join(folder, 'mine/cardea.json'), '{}');
    const { code, out, err } = await start('--watch', 'mine').ended();
    expect(code).toBe(1);
    expect(out).toMatch(/^mine\/cardea\.json:1:1: error\[project_invalid\]/);
    expect(err).toBe('error: there is nothing to serve: no bundle was published\n');
  });
});
