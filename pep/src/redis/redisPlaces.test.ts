// The other places where Redis may be: behind sentinels, in a cluster, and behind TLS.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { describeWithRedis, RedisServer } from '../../test/redisServer.ts';
import { until } from '../../test/until.ts';
import type { RedisConfig } from '../config/redisConfig.ts';
import { Secret } from '../config/secret.ts';
import type { RedisAnswer } from './redisAnswer.ts';
import type { RedisSecrets } from './redisClient.ts';
import { RedisEntries } from './redisEntries.ts';
import { RedisLink } from './redisLink.ts';

const openssl = process.env['CARDEA_OPENSSL'] ?? 'openssl';

let folder: string;
let servers: RedisServer[];
let link: RedisLink;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-places-'));
  servers = [];
});

afterEach(async () => {
  link.close();
  await Promise.all(servers.map((server) => server.stop()));
  rmSync(folder, { recursive: true });
});

async function start(...settings: string[]): Promise<RedisServer> {
  const server = await RedisServer.start(...settings);
  servers.push(server);
  return server;
}

function connect(config: Pick<RedisConfig, 'place' | 'tls'>, secrets: RedisSecrets = {}): RedisEntries {
  link = new RedisLink({
    config: { database: 0, keyPrefix: 'cardea:', ...config },
    secrets: () => secrets,
    now: () => performance.now(),
    random: () => 0.5,
    report: () => undefined,
  });
  return new RedisEntries(link);
}

async function keepsAndFinds(entries: RedisEntries): Promise<void> {
  await until(() => link.isUp);
  // The first word to a node of a cluster is said while it is connected to.
  await until(async () => (await entries.write('a', Buffer.from('x'), 60_000)).kind === 'answered');
  let found: RedisAnswer<Buffer> | undefined;
  await until(async () => (found = await entries.read('a', 10)).kind === 'answered');
  expect(found).toEqual({ kind: 'answered', value: Buffer.from('x') });
}

describeWithRedis('RedisLink', () => {
  it('finds the server that sentinels watch, with passwords of their own', async () => {
    const server = await start('--requirepass', 'of the server');
    const path = join(folder, 'sentinel.conf');
    const lines = [
      `sentinel monitor main 127.0.0.1 ${server.port} 1`,
      'sentinel auth-pass main "of the server"',
      'requirepass "of the sentinel"',
    ];
    writeFileSync(path, `${lines.join('\n')}\n`);
    const sentinel = await RedisServer.startSentinel(path);
    servers.push(sentinel);
    const sentinels = [
      { host: '127.0.0.1', port: 1 },
      { host: '127.0.0.1', port: sentinel.port },
    ];
    const secrets = {
      password: new Secret('of the server'),
      sentinelPassword: new Secret('of the sentinel'),
    };
    await keepsAndFinds(connect({ place: { kind: 'sentinels', sentinels, name: 'main' } }, secrets));
  });

  it('finds its way in a cluster, and is no burden when it hangs', async () => {
    const server = await start('--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1');
    const entries = connect({ place: { kind: 'node', host: '127.0.0.1', port: server.port } });
    await until(() => link.isUp);
    await link.ask((client) => client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383'));
    await until(async () => (await entries.read('a', 1)).kind === 'answered');
    link.close();
    const shared = connect({ place: { kind: 'cluster', nodes: [{ host: '127.0.0.1', port: server.port }] } });
    await keepsAndFinds(shared);
    server.pause();
    expect(await shared.read('a', 10)).toEqual({ kind: 'failed', why: 'timed_out' });
    expect(await shared.read('a', 10)).toEqual({ kind: 'failed', why: 'unreachable' });
    server.resume();
    await keepsAndFinds(shared);
  });

  it('speaks TLS with whom the certificate vouches for, and with nobody else', async () => {
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=redis.test', '-addext', 'subjectAltName=DNS:redis.test'];
    const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    execFileSync(openssl, [...request, '-keyout', key, '-out', certificate, ...subject], { stdio: 'ignore' });
    const tls = ['--tls-cert-file', certificate, '--tls-key-file', key, '--tls-ca-cert-file', certificate];
    const server = await start('--tls-port', '0', ...tls, '--tls-auth-clients', 'no');
    const tlsPort = await RedisServer.findPort();
    await server.kill();
    await server.run('--tls-port', `${tlsPort}`, ...tls, '--tls-auth-clients', 'no');
    const place = { kind: 'node', host: '127.0.0.1', port: tlsPort } as const;
    const ca = readFileSync(certificate);
    await keepsAndFinds(connect({ place, tls: { serverName: 'redis.test' } }, { ca }));
    link.close();
    for (const [serverName, secrets] of [
      ['other.test', { ca }],
      ['redis.test', {}],
    ] as const) {
      connect({ place, tls: { serverName } }, secrets);
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(link.isUp).toBe(false);
      link.close();
    }
  });
});
