import { describe, expect, it } from '@jest/globals';
import { readAddress } from '../../../dial/src/address.ts';
import { readProxyConfig, type ProxyConfig } from './proxyConfig.ts';

const read = (dial?: unknown): ProxyConfig =>
  readProxyConfig(
    JSON.stringify({
      decision: { unixSocket: 'pdp.sock' },
      servers: [{ id: 'desk', upstream: 'https://desk.example/mcp' }],
      dial,
    }),
    '/etc/cardea',
  );

describe('dial in pep.json', () => {
  it('is a list of ranges, and nothing where it is not there', () => {
    expect(read().dial).toBe(undefined);
    const address = readAddress('10.1.2.3');
    expect(address !== undefined && read({ allow: ['10.0.0.0/8'] }).dial?.allow.covers(address)).toBe(true);
  });

  it.each([
    [{ allow: ['10.0.0.0/8', '10.0.0.1/8'] }, /10.0.0.1\/8 is one address and a range/],
    [{ allow: ['corp.example'] }, /corp.example is no range/],
    [{ allow: '10.0.0.0/8' }, /expected a list/],
    [{ allow: Array<string>(257).fill('10.0.0.0/8') }, /at most 256/],
    [{ permit: [] }, /no field "permit"/],
  ])('refuses what is no list of ranges, with the place (%#)', (dial, message) => {
    expect(() => read(dial)).toThrow(message);
    expect(() => read(dial)).toThrow(/^line 1, column \d+: dial/);
  });
});
