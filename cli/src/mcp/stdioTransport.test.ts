import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { helloText } from './fixtures/rawServer.ts';
import { pullServer, type PulledServer } from './pullServer.ts';
import { StdioTransport } from './stdioTransport.ts';

const desk = fileURLToPath(new URL('fixtures/deskServer.ts', import.meta.url));

/** Answers `initialize`, then runs `then` with the text of each further request. */
function scriptOf(then: string, before = ''): string {
  return `${before};
    const say = (id, result) => console.log('{"jsonrpc":"2.0","id":' + id + ',"result":' + result + '}');
    const lines = require('node:readline').createInterface({ input: process.stdin });
    lines.on('line', (line) => {
      const { id, method } = JSON.parse(line);
      if (method === 'initialize') say(id, ${JSON.stringify(helloText)});
      else if (id !== undefined) { ${then} }
    });`;
}

function pull(words: readonly string[], passed: readonly string[] = []): Promise<PulledServer> {
  return pullServer(new StdioTransport(words, passed), { signal: new AbortController().signal });
}

function pullScript(then: string, before?: string): Promise<PulledServer> {
  return pull([process.execPath, '-e', scriptOf(then, before)]);
}

const namesOf = ({ tools }: PulledServer): unknown[] => tools.map(({ name }) => name);

async function isGone(pid: number): Promise<boolean> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    try {
      process.kill(pid, 0);
      // Whoever adopted it may be slow to notice: a dead process keeps its number until then.
      if (/^\d+ \(.*\) Z/s.test(await readFile(`/proc/${pid}/stat`, 'utf8'))) return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return true;
    }
    await sleep(20);
  }
  return false;
}

describe('pulling from a command', () => {
  it('gets every page', async () => {
    expect(namesOf(await pull([process.execPath, desk]))).toEqual([
      'search_tickets',
      'reply_to_ticket',
      'refund_order',
      'read_ticket',
      'export_customers',
      'close_account',
      'assign_ticket',
    ]);
  });

  it('passes over what is no message, and takes a message in pieces', async () => {
    const then = `const text = '{"jsonrpc":"2.0","id":' + id + ',"result":{"tools":[{"name":"piece"}]}}\\n';
      process.stdout.write('serving\\n\\n' + text.slice(0, 40));
      setTimeout(() => process.stdout.write(text.slice(40)), 30);`;
    expect(namesOf(await pullScript(then))).toEqual(['piece']);
  });

  it('gives the command PATH, HOME, and what is named', async () => {
    process.env['CARDEA_TEST_NAMED'] = 'named';
    process.env['CARDEA_TEST_SECRET'] = 'secret';
    const then = `say(id, JSON.stringify({ tools: [{ name: 'env', keys: Object.keys(process.env).sort() }] }))`;
    const words = [process.execPath, '-e', scriptOf(then)];
    const { tools } = await pull(words, ['CARDEA_TEST_NAMED', 'CARDEA_TEST_ABSENT']);
    const ours = ['CARDEA_TEST_NAMED', 'HOME', 'PATH'];
    expect((tools[0]?.['keys'] as string[]).filter((name) => !name.startsWith('__'))).toEqual(ours);
  });

  it('ends the command and its children, whatever they ignore', async () => {
    const stubborn = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);`;
    const before = `${stubborn} const child = require('node:child_process').spawn(process.execPath,
      ['-e', ${JSON.stringify(stubborn)}], { stdio: 'ignore' });`;
    const then = `say(id, JSON.stringify({ tools: [{ name: 'pids', pids: [process.pid, child.pid] }] }))`;
    const { tools } = await pullScript(then, before);
    const pids = tools[0]?.['pids'] as number[];
    expect(pids).toHaveLength(2);
    expect(await Promise.all(pids.map(isGone))).toEqual([true, true]);
  });

  it('ends the command when the pull is stopped', async () => {
    const controller = new AbortController();
    const words = [process.execPath, '-e', scriptOf('')];
    const pulling = pullServer(new StdioTransport(words, []), { signal: controller.signal });
    setTimeout(() => {
      controller.abort(new Error('stopped'));
    }, 200);
    await expect(pulling).rejects.toThrow('stopped');
  });

  it.each([
    ['there is no such command', ['cardea-test-no-such-command']],
    ['permission denied', [fileURLToPath(import.meta.url)]],
  ])('says that %s', async (why, words) => {
    await expect(pull(words)).rejects.toThrow(`cannot run ${words[0] ?? ''}: ${why}`);
  });

  it('says how the command ended, and its last words', async () => {
    const script = `console.error('no token in TOKEN'); process.exit(3)`;
    await expect(pull([process.execPath, '-e', script])).rejects.toMatchObject({
      message: 'the command ended with code 3 before it had answered',
      help: 'it said:\nno token in TOKEN',
    });
  });

  it.each([
    ['the same key twice', `console.log('{"jsonrpc":"2.0","id":1,"id":2}')`, 'the key "id" occurs twice'],
    [
      'a line without end',
      `process.stdout.write('{"a":"' + 'x'.repeat(17 * 2 ** 20))`,
      'more than 16777216 bytes',
    ],
  ])('refuses %s', async (_, then, message) => {
    await expect(pullScript(then)).rejects.toThrow(message);
  });
});
