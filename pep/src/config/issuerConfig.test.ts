import { describe, expect, it } from '@jest/globals';
import type { IssuersConfig } from './issuerConfig.ts';
import { readProxyConfig } from './proxyConfig.ts';

const issuer = 'https://id.example.com';

const read = (change: object): IssuersConfig | undefined => {
  const config = {
    decision: { url: 'http://127.0.0.1:8470', tokenFile: 'token' },
    servers: ['desk', 'shop'].map((id) => ({ id, upstream: 'http://127.0.0.1:9000/mcp' })),
    publicUrl: 'https://mcp.example.com',
    ...change,
  };
  return readProxyConfig(JSON.stringify(config), '/etc/cardea').issuers;
};

describe('identity providers', () => {
  it('need a name alone', () => {
    expect(read({ issuers: [{ issuer }] })).toEqual({
      publicUrl: 'https://mcp.example.com',
      issuers: [
        {
          issuer,
          algorithms: ['RS256', 'ES256', 'EdDSA'],
          audiences: new Map([
            ['desk', ['https://mcp.example.com/desk/mcp']],
            ['shop', ['https://mcp.example.com/shop/mcp']],
          ]),
          claims: { person: ['sub'], groups: ['groups'], agent: [['azp'], ['client_id']], tags: new Map() },
          prefix: '',
          scopes: undefined,
          clockSkewMs: 30_000,
        },
      ],
    });
    expect(read({})).toBeUndefined();
  });

  it.each<[string, object, RegExp]>([
    [
      'without the address of the proxy',
      { publicUrl: undefined, issuers: [{ issuer }] },
      /publicUrl has to name/,
    ],
    [
      'at an address that is no origin',
      { publicUrl: 'https://mcp.example.com/x', issuers: [{ issuer }] },
      /publicUrl/,
    ],
    ['none of them', { issuers: [] }, /issuers/],
    ['by http from elsewhere', { issuers: [{ issuer: 'http://id.example.com' }] }, /https/],
    ['with a query', { issuers: [{ issuer: `${issuer}?a=1` }] }, /https/],
    ['with an empty query', { issuers: [{ issuer: `${issuer}?` }] }, /https/],
    ['with a fragment', { issuers: [{ issuer: `${issuer}#a` }] }, /https/],
    ['with a password', { issuers: [{ issuer: 'https://a:b@id.example.com' }] }, /https/],
    ['with keys by http', { issuers: [{ issuer, jwksUrl: 'http://id.example.com/keys' }] }, /https/],
    [
      'twice',
      {
        issuers: [
          { issuer, prefix: 'a' },
          { issuer, prefix: 'b' },
        ],
      },
      /same name/,
    ],
    ['several without prefixes', { issuers: [{ issuer, prefix: '' }, { issuer: `${issuer}/b` }] }, /prefix/],
    ['with HS256', { issuers: [{ issuer, algorithms: ['HS256'] }] }, /algorithms/],
    ['with none', { issuers: [{ issuer, algorithms: ['none'] }] }, /algorithms/],
    ['without an algorithm', { issuers: [{ issuer, algorithms: [] }] }, /algorithms/],
    [
      'with an audience of no server',
      { issuers: [{ issuer, audiences: { none: ['x'] } }] },
      /no server none/,
    ],
    ['with no audience of one', { issuers: [{ issuer, audiences: { desk: [] } }] }, /audiences/],
    [
      'with a scope of no server',
      { issuers: [{ issuer, scopes: [{ scope: 'a', servers: ['none'], effects: ['read'] }] }] },
      /no server none/,
    ],
    [
      'with two scopes in one',
      { issuers: [{ issuer, scopes: [{ scope: 'a b', effects: ['read'] }] }] },
      /one scope/,
    ],
    [
      'with a quote in a scope',
      { issuers: [{ issuer, scopes: [{ scope: 'a"b', effects: ['read'] }] }] },
      /one scope/,
    ],
    ['with a scope for nothing', { issuers: [{ issuer, scopes: [{ scope: 'a', effects: [] }] }] }, /effects/],
    ['with clocks far apart', { issuers: [{ issuer, clockSkewSeconds: 61 }] }, /clockSkewSeconds/],
    ['with clocks before each other', { issuers: [{ issuer, clockSkewSeconds: -1 }] }, /clockSkewSeconds/],
    ['with a field that is none', { issuers: [{ issuer, audience: 'x' }] }, /audience/],
  ])('%s are refused', (_name, change, message) => {
    expect(() => read(change)).toThrow(message);
  });

  it('refuses a name that a table would drop', () => {
    const text = `{"issuer":"${issuer}","claims":{"tags":{"__proto__":"x"}}}`;
    const config = `{"decision":{"unixSocket":"s"},"servers":[{"id":"desk","upstream":"http://a"}],"publicUrl":"https://a","issuers":[${text}]}`;
    expect(() => readProxyConfig(config, '/etc/cardea')).toThrow(/not a name/);
  });
});
