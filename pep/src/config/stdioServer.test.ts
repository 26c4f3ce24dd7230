import { describe, expect, it } from '@jest/globals';
import { readProxyConfig } from './proxyConfig.ts';
import { SecretKeeper } from './secretKeeper.ts';

const read = (server: object): ReturnType<typeof readProxyConfig> =>
  readProxyConfig(
    JSON.stringify({
      decision: { url: 'http://127.0.0.1:8470', tokenFile: 'tokens/proxy' },
      servers: [{ id: 'files', ...server }],
    }),
    '/etc/cardea',
  );

describe('a server that is a command', () => {
  it('needs its words alone', () => {
    expect(read({ command: ['node', 'x.js'] }).servers).toEqual([
      {
        id: 'files',
        timeouts: { connectMs: 5_000, answerMs: 300_000 },
        process: {
          ...{ words: ['node', 'x.js'], cwd: '/etc/cardea', sharing: 'session' },
          ...{ sessionsMax: 64, restartsMax: 5, idleMs: 600_000 },
        },
        variables: { allowed: ['PATH'], set: [] },
      },
    ]);
  });

  it('takes everything that can be said', () => {
    const env = { allow: ['PATH', 'LANG'], set: { KEY: 'env:FILES_KEY', OTHER: 'file:keys/other' } };
    const limits = { sharing: 'shared', sessionsMax: 5, restarts: 2, idleMs: 1_000 };
    const [server] = read({
      command: ['node'],
      cwd: 'servers',
      env,
      uid: 1_000,
      timeouts: { answerMs: 7 },
      ...limits,
    }).servers;
    expect(server).toMatchObject({
      process: {
        cwd: '/etc/cardea/servers',
        uid: 1_000,
        gid: 1_000,
        sharing: 'shared',
        sessionsMax: 5,
        restartsMax: 2,
        idleMs: 1_000,
      },
      variables: {
        allowed: ['PATH', 'LANG'],
        set: [
          { name: 'KEY', source: { kind: 'env', name: 'FILES_KEY' } },
          { name: 'OTHER', source: { kind: 'file', path: '/etc/cardea/keys/other' } },
        ],
      },
      timeouts: { answerMs: 7 },
    });
  });

  it.each<[string, object, RegExp]>([
    ['no way to it', {}, /expected either an upstream or a command/],
    [
      'two ways',
      { command: ['x'], upstream: 'http://localhost' },
      /expected either an upstream or a command/,
    ],
    ['no word', { command: [] }, /command/],
    ['an empty program', { command: [''] }, /expected a program/],
    ['a NUL in a word', { command: ['x', 'a\0b'] }, /without NUL/],
    ['a line for a shell', { command: 'node x.js' }, /command/],
    ['a credential for headers', { command: ['x'], credential: { header: 'a', value: 'env:A' } }, /env\.set/],
    [
      'an environment for an address',
      { upstream: 'http://localhost', env: { allow: ['A'] } },
      /only a server that is a command/,
    ],
    [
      'a secret in clear',
      { command: ['x'], env: { set: { KEY: 'hunter2' } } },
      /expected env:NAME or file:PATH/,
    ],
    ['a name that is none', { command: ['x'], env: { allow: ['A=B'] } }, /expected the name of a variable/],
    ['the user who may do everything', { command: ['x'], uid: 0 }, /uid/],
    ['a sharing that there is not', { command: ['x'], sharing: 'all' }, /sharing/],
    ['no session at all', { command: ['x'], sessionsMax: 0 }, /sessionsMax/],
    ['a misspelt field', { command: ['x'], restart: 1 }, /restart/],
  ])('is refused with %s', (_, server, message) => {
    expect(() => read(server)).toThrow(message);
  });

  it('gets the variables that it is to get, as they are when it is started', async () => {
    const keeper = new SecretKeeper({
      environment: { PATH: '/bin', KEY: 'hunter2', OTHER: 'x' },
      now: Date.now,
      report: () => undefined,
    });
    const servers = await keeper.openServers(
      read({ command: ['x'], env: { allow: ['PATH', 'ABSENT'], set: { TOKEN: 'env:KEY' } } }).servers,
    );
    const server = servers.get('files');
    expect(server !== undefined && 'process' in server ? server.environment() : undefined).toEqual({
      PATH: '/bin',
      TOKEN: 'hunter2',
    });
  });
});
