import { readFileSync, readlinkSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '../../../test/until.ts';
import { findProcesses, StdioScene, untilGone, type SceneOptions } from './scene/stdioScene.ts';

const mark = `mark-${crypto.randomUUID()}`;
const environment = { PATH: process.env['PATH'] ?? '', MARK: mark };

let scene: StdioScene;

afterEach(() => scene.close());

const open = async (options: SceneOptions): Promise<{ session: string; pid: number }> => {
  scene = new StdioScene({ environment, ...options });
  const session = await scene.open();
  return { session, pid: Number(await scene.call(session, 'pid', 'pid')) };
};

describe('a process', () => {
  it('gets the environment that it is given, and nothing of ours', async () => {
    process.env['CARDEA_TEST_SECRET'] = 'hunter2';
    const { session } = await open({});
    const { ids, CARDEA_SERVER_PROCESS, ...variables } = JSON.parse(
      await scene.call(session, 1, 'environment'),
    ) as Record<string, unknown>;
    expect(variables).toEqual(environment);
    expect([ids, CARDEA_SERVER_PROCESS]).toEqual([expect.any(Array), expect.any(String)]);
  });

  it('leads a group and a session of its own', async () => {
    const { pid } = await open({});
    const [, , group, session] = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /, '')
      .split(' ');
    expect([group, session]).toEqual([String(pid), String(pid)]);
  });

  it('stands where it is told to', async () => {
    const { pid } = await open({ cwd: '/' });
    expect(readlinkSync(`/proc/${pid}/cwd`)).toBe('/');
  });

  it('runs as another user where it is told to and we may, and else not at all', async () => {
    const options = { uid: 65_534, gid: 65_534, cwd: '/' };
    if (process.getuid?.() !== 0) {
      scene = new StdioScene(options);
      await expect(scene.open()).rejects.toMatchObject({ code: 'upstream_unavailable' });
      return;
    }
    // The program itself is one that only its owner may be able to read.
    scene = new StdioScene({
      environment,
      ...options,
      words: [
        '/bin/sh',
        '-c',
        `read line; printf '{"jsonrpc":"2.0","id":"open","result":{"ids":"%s %s"}}\\n' $(id -u) "$(id -G)"; read line`,
      ],
    });
    const { text } = await scene.hear({ id: 'open', method: 'initialize', params: {} });
    expect(text).toContain('"ids":"65534 65534"');
  });

  it('gets its words as they are: no shell reads them', async () => {
    scene = new StdioScene({
      environment,
      words: [
        '/bin/sh',
        '-c',
        `read line; printf '{"jsonrpc":"2.0","id":"open","result":{"word":"%s"}}\\n' "$1"; read line`,
        'sh',
        '$(id);`id`|id&&id>x',
      ],
    });
    expect((await scene.hear({ id: 'open', method: 'initialize', params: {} })).text).toContain(
      '"word":"$(id);`id`|id&&id>x"',
    );
  });

  it.each([
    ['ends by itself when its input does', []],
    ['ignores the end of its input', ['stays']],
    ['ignores SIGTERM too', ['stays', 'ignores-term']],
    ['has started others, in its group and out of it', ['forks']],
  ])('that %s leaves nothing behind', async (_, habits) => {
    const { session } = await open({ habits });
    expect(findProcesses(mark).length).toBe(habits.includes('forks') ? 3 : 1);
    await scene.hear(undefined, { method: 'DELETE', headers: { 'mcp-session-id': session } });
    expect(findProcesses(mark)).toEqual([]);
  });

  it('that is killed takes along what it has started', async () => {
    const { pid } = await open({ habits: ['forks'] });
    process.kill(pid, 'SIGKILL');
    await untilGone(mark);
  });

  it('is watched by a guardian, and by another where that is killed', async () => {
    await open({});
    const guardians = (): number[] => findGuardians();
    const [first] = guardians();
    process.kill(first ?? 0, 'SIGKILL');
    await until(() => guardians().some((pid) => pid !== first));
    expect(await scene.open()).toMatch(/./);
  });
});

/** Of this process alone. */
function findGuardians(): number[] {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'latin1')
    .trim()
    .split(' ');
  return children.filter((pid) => isGuardian(pid)).map(Number);
}

function isGuardian(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('guardian/main.ts');
  } catch {
    return false;
  }
}
