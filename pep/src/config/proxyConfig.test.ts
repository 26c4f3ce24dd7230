import { describe, expect, it } from '@jest/globals';
import { resolveProxyLimits } from '../limits.ts';
import { sessionLimitsDefault } from '../sessions/sessionLimits.ts';
import { readProxyConfig } from './proxyConfig.ts';

const server = { id: 'desk', upstream: 'http://127.0.0.1:9000/mcp' };
const config = {
  decision: { url: 'http://127.0.0.1:8470', tokenFile: 'tokens/proxy' },
  servers: [server],
};

const read = (change: object = {}): ReturnType<typeof readProxyConfig> =>
  readProxyConfig(JSON.stringify({ ...config, ...change }), '/etc/cardea');

describe('readProxyConfig', () => {
  it('needs little', () => {
    expect(read()).toEqual({
      listen: { host: '127.0.0.1', port: 8480 },
      allowedHosts: new Set(['localhost', '127.0.0.1', '[::1]']),
      allowedOrigins: new Set(),
      decision: {
        origin: new URL('http://127.0.0.1:8470'),
        token: { kind: 'file', path: '/etc/cardea/tokens/proxy' },
      },
      servers: [
        { id: 'desk', upstream: new URL(server.upstream), timeouts: { connectMs: 5_000, answerMs: 300_000 } },
      ],
      limits: resolveProxyLimits(),
    });
  });

  it('takes everything that can be said', () => {
    const credential = { header: 'Authorization', prefix: 'Bearer ', value: 'env:DESK_TOKEN' };
    const all = read({
      listen: { host: '0.0.0.0', port: 443 },
      allowedHosts: ['MCP.example.com'],
      allowedOrigins: ['https://app.example.com'],
      decision: { unixSocket: 'pdp.sock' },
      servers: [
        { ...server, credential, timeouts: { answerMs: 7 } },
        {
          id: 'files',
          upstream: 'https://files.example.com/mcp?v=1',
          credential: { header: 'x-key', value: 'file:/run/key' },
        },
      ],
      limits: { bodyBytesMax: 1_000 },
    });
    expect(all).toMatchObject({
      allowedHosts: new Set(['mcp.example.com']),
      decision: { socketPath: '/etc/cardea/pdp.sock' },
      servers: [
        {
          credential: {
            header: 'authorization',
            prefix: 'Bearer ',
            source: { kind: 'env', name: 'DESK_TOKEN' },
          },
          timeouts: { connectMs: 5_000, answerMs: 7 },
        },
        { credential: { header: 'x-key', prefix: '', source: { kind: 'file', path: '/run/key' } } },
      ],
      limits: { bodyBytesMax: 1_000, jsonDepthMax: 64 },
    });
    expect(all.decision.token).toBeUndefined();
  });

  it('reads how long sessions last, and where their keys are', () => {
    const keys = [
      { id: 'new', value: 'file:keys/new' },
      { id: 'old', value: 'env:OLD' },
    ];
    expect(read().sessions).toBeUndefined();
    expect(read({ sessions: { keys, idleMinutes: 5, perIdentityMax: 3 } }).sessions).toEqual({
      keys: [
        { id: 'new', source: { kind: 'file', path: '/etc/cardea/keys/new' } },
        { id: 'old', source: { kind: 'env', name: 'OLD' } },
      ],
      limits: { ...sessionLimitsDefault, idleMs: 300_000, perIdentityMax: 3 },
    });
    expect(read({ sessions: { maxAgeHours: 1, pauseMinutes: 2 } }).sessions).toEqual({
      keys: [],
      limits: { ...sessionLimitsDefault, maxAgeMs: 3_600_000, pauseMs: 120_000 },
    });
  });

  const withKeys = (...keys: unknown[]): object => ({ sessions: { keys } });

  const withCredential = (change: object): object => ({
    servers: [{ ...server, credential: { header: 'authorization', value: 'env:A', ...change } }],
  });

  it.each<[string, object, RegExp]>([
    ['no servers', { servers: [] }, /^servers: /],
    ['no key of sessions', withKeys(), /^sessions\.keys: /],
    ['a key in clear', withKeys({ id: 'a', value: 'hunter2' }), /expected env:NAME or file:PATH$/],
    [
      'two keys of one id',
      withKeys({ id: 'a', value: 'env:A' }, { id: 'a', value: 'env:B' }),
      /two keys have the same id$/,
    ],
    ['sessions without an end', { sessions: { maxAgeHours: 0 } }, /^sessions\.maxAgeHours: /],
    ['a misspelt field', { server: [] }, /"server"/],
    ['two servers of one id', { servers: [server, server] }, /same id/],
    [
      'a reserved id',
      { servers: [{ ...server, id: 'tools' }] },
      /^servers\.0\.id: expected the id of a server/,
    ],
    [
      'an upstream of another protocol',
      { servers: [{ ...server, upstream: 'file:///etc' }] },
      /^servers\.0\.upstream: /,
    ],
    [
      'an upstream with a password',
      { servers: [{ ...server, upstream: 'http://a:b@c/' }] },
      /^servers\.0\.upstream: /,
    ],
    [
      'an upstream with a fragment',
      { servers: [{ ...server, upstream: 'http://a/#' }] },
      /^servers\.0\.upstream: /,
    ],
    ['a credential in clear', withCredential({ value: 'hunter2' }), /expected env:NAME or file:PATH$/],
    [
      'a credential that would say where a call goes',
      withCredential({ header: 'Host' }),
      /credential\.header: /,
    ],
    [
      'a credential that would say what a call is',
      withCredential({ header: 'mcp-method' }),
      /credential\.header: /,
    ],
    ['a header that is none', withCredential({ header: 'a b' }), /credential\.header: /],
    ['a prefix of two lines', withCredential({ prefix: 'a\nb' }), /credential\.prefix: /],
    ['no decision service', { decision: {} }, /either a url or a unixSocket/],
    [
      'two decision services',
      { decision: { ...config.decision, unixSocket: 'a' } },
      /either a url or a unixSocket/,
    ],
    ['nobody to ask as', { decision: { url: 'http://a' } }, /needs a tokenFile/],
    [
      'a decision service with a path',
      { decision: { url: 'http://a/b', tokenFile: 'c' } },
      /^decision\.url: /,
    ],
    ['a port that there is not', { listen: { port: 65_536 } }, /^listen\.port: /],
    ['an address for others without a name', { listen: { host: '0.0.0.0' } }, /allowedHosts/],
    ['an origin with a path', { allowedOrigins: ['https://a/'] }, /^allowedOrigins\.0: /],
    ['a limit that there is not', { limits: { bodyMax: 1 } }, /^limits\.bodyMax: there is no such limit/],
    ['a limit that switches itself off', { limits: { bodyBytesMax: 0 } }, /^limits\.bodyBytesMax: /],
    ['a limit beyond what is safe', { limits: { jsonDepthMax: 513 } }, /^limits: jsonDepthMax may be 512/],
  ])('refuses %s', (_, change, detail) => {
    expect(() => read(change)).toThrow(
      expect.objectContaining({ name: 'JsonRefusal', detail: expect.stringMatching(detail) }),
    );
    expect(() => read(change)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('hunter2') }),
    );
  });

  it('says where', () => {
    const text = `{\n  "decision": {"unixSocket": "a"},\n  "servers": [\n    {"id": "desk", "upstream": 7}\n  ]\n}`;
    expect(() => readProxyConfig(text, '/')).toThrow(expect.objectContaining({ line: 4, column: 32 }));
  });
});
