// docs/reference/proxy.md: its files are what the proxy reads, and its tables say what there is.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { readProxyConfig } from '@cardea/pep';
import { grantsSchema, readWire, readWireDocument } from '@cardea/schemas/wire';
import { repository } from '../processes/cardeaProcess.ts';
import { readCodeBlocks } from './codeBlocks.ts';

const page = readFileSync(join(repository, 'docs/reference/proxy.md'), 'utf8');
const blocks = new Map(readCodeBlocks(page).map(({ info, text }) => [info, text]));

it('its configuration is one that a proxy takes', () => {
  const { servers, limits } = readProxyConfig(blocks.get('json pep.json') ?? '', '/etc/cardea');
  expect(servers.map(({ id }) => id)).toEqual(['desk', 'stripe']);
  expect(limits.bodyBytesMax).toBe(262_144);
});

it('its identity providers are ones that a proxy takes', () => {
  const parts = ['json pep.json', 'json issuers'].map((name) => JSON.parse(blocks.get(name) ?? '') as object);
  const { issuers } = readProxyConfig(JSON.stringify(Object.assign({}, ...parts)), '/etc/cardea');
  expect(issuers?.issuers[0]?.scopes?.map(({ scope }) => scope)).toEqual(['desk:read', 'desk:write']);
});

it('its Redis is one that a proxy takes', () => {
  const parse = (info: string): object => JSON.parse(blocks.get(info) ?? '') as object;
  const whole = JSON.stringify({ ...parse('json pep.json'), ...parse('json redis') });
  const { redis, sharedCache } = readProxyConfig(whole, '/etc/cardea');
  expect([redis?.place.kind, sharedCache?.keys.length]).toEqual(['socket', 2]);
});

it('its server on standard streams is one that a proxy takes', () => {
  const pep = JSON.parse(blocks.get('json pep.json') ?? '') as object;
  const server = JSON.parse(blocks.get('json stdio') ?? '') as object;
  const { servers } = readProxyConfig(JSON.stringify({ ...pep, servers: [server] }), '/etc/cardea');
  expect(servers).toMatchObject([{ id: 'files', process: { uid: 1_001, idleMs: 600_000 } }]);
});

it('its grants are ones that a proxy takes', () => {
  const read = (value: unknown): number => readWire(grantsSchema, value).grants.length;
  expect(readWireDocument(blocks.get('json grants.json') ?? '', read)).toBe(1);
});
