import { describe, expect, it } from '@jest/globals';
import { readProxyConfig } from './proxyConfig.ts';

const read = (more: object): ReturnType<typeof readProxyConfig> =>
  readProxyConfig(
    JSON.stringify({
      decision: { unixSocket: 'pdp.sock' },
      servers: [{ id: 'desk', upstream: 'http://127.0.0.1:9000/mcp' }],
      ...more,
    }),
    '/etc/cardea',
  );

describe('redis in pep.json', () => {
  it.each<[string, object, object]>([
    ['a node', { node: 'redis.example.com:6379' }, { kind: 'node', host: 'redis.example.com', port: 6_379 }],
    ['an address', { node: '[::1]:6379' }, { kind: 'node', host: '::1', port: 6_379 }],
    ['a socket', { unixSocket: 'redis.sock' }, { kind: 'socket', path: '/etc/cardea/redis.sock' }],
    [
      'sentinels',
      { sentinels: ['a:26379', 'b:26379'], sentinelName: 'main' },
      {
        kind: 'sentinels',
        sentinels: [
          { host: 'a', port: 26_379 },
          { host: 'b', port: 26_379 },
        ],
        name: 'main',
      },
    ],
    [
      'a cluster',
      { cluster: ['10.0.0.1:7000'] },
      { kind: 'cluster', nodes: [{ host: '10.0.0.1', port: 7_000 }] },
    ],
  ])('may be %s', (_, redis, place) => {
    expect(read({ redis }).redis).toEqual({ place, database: 0, keyPrefix: 'cardea:' });
  });

  it('takes everything else that can be said', () => {
    const redis = {
      node: 'r:1',
      username: 'proxy',
      password: 'file:redis.password',
      database: 3,
      tls: { ca: 'ca.pem', serverName: 'redis' },
      keyPrefix: 'team:',
    };
    const keys = ['file:cache.key', 'env:OLD_CACHE_KEY'];
    expect(read({ redis, sharedCache: { keys } })).toMatchObject({
      redis: {
        username: 'proxy',
        password: { kind: 'file', path: '/etc/cardea/redis.password' },
        database: 3,
        tls: { ca: '/etc/cardea/ca.pem', serverName: 'redis' },
        keyPrefix: 'team:',
      },
      sharedCache: {
        keys: [
          { kind: 'file', path: '/etc/cardea/cache.key' },
          { kind: 'env', name: 'OLD_CACHE_KEY' },
        ],
      },
    });
  });

  const node = 'r:1';
  it.each<[string, object, RegExp]>([
    ['no place', { redis: {} }, /expected one of node, unixSocket, sentinels and cluster/],
    ['two places', { redis: { node, unixSocket: 's' } }, /expected one of node/],
    ['a node without a port', { redis: { node: 'r' } }, /expected HOST:PORT/],
    ['a port that is none', { redis: { node: 'r:65536' } }, /expected HOST:PORT/],
    ['a URL', { redis: { node: 'redis://r:1' } }, /expected HOST:PORT/],
    ['a password before the host', { redis: { node: 'user:secret@r:1' } }, /expected HOST:PORT/],
    ['a password in clear', { redis: { node, password: 'hunter2' } }, /expected env:NAME or file:PATH/],
    ['a username alone', { redis: { node, username: 'u' } }, /needs a password/],
    ['sentinels of nothing', { redis: { sentinels: ['s:1'] } }, /go together/],
    ['a name without sentinels', { redis: { node, sentinelName: 'x' } }, /go together/],
    ['a database of a cluster', { redis: { cluster: [node], database: 1 } }, /one database/],
    ['a prefix of two lines', { redis: { node, keyPrefix: 'a\nb' } }, /expected printable ASCII/],
    ['a cache without a redis', { sharedCache: { keys: ['env:A'] } }, /shared in a redis/],
    ['a cache without keys', { redis: { node }, sharedCache: { keys: [] } }, /: sharedCache\.keys: /],
    [
      'a key in clear',
      { redis: { node }, sharedCache: { keys: ['hunter2'] } },
      /expected env:NAME or file:PATH/,
    ],
  ])('is refused with %s', (_, more, message) => {
    expect(() => read(more)).toThrow(message);
  });
});
