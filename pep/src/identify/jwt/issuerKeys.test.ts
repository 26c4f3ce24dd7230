// What happens while the keys of a provider change, or cannot be had.
import { describe, expect, it } from '@jest/globals';
import { until } from '../../../test/until.ts';
import { freshMs, keptMs, pauseMsMax } from './issuerKeys.ts';
import { keysMax } from './keySet.ts';
import { issuerName, makeKey, nowSeconds, sign } from './scene/provider.ts';
import { TokenScene } from './scene/tokenScene.ts';

const first = await makeKey('RS256', 'k1');
const second = await makeKey('RS256', 'k2');
const third = await makeKey('ES256', 'k3');
const long = { exp: nowSeconds + 10 * 3_600 };

async function start(): Promise<TokenScene> {
  const scene = new TokenScene();
  scene.provider.keys = [first.jwk];
  expect(await scene.judge(await sign(first, long))).toBe('taken');
  return scene;
}

const fail = (message: string) => (): Promise<Uint8Array> => Promise.reject(new Error(message));
const say = (text: string) => (): Promise<Uint8Array> => Promise.resolve(Buffer.from(text));

describe('keys', () => {
  it('are looked for when the first token comes, at the address of the metadata', async () => {
    const { provider } = await start();
    expect(provider.asked).toEqual([`${issuerName}/.well-known/openid-configuration`, `${issuerName}/keys`]);
  });

  it('are looked for once for all who wait', async () => {
    const scene = new TokenScene();
    scene.provider.keys = [first.jwk];
    const tokens = await Promise.all(['ann', 'bob', 'cid'].map((sub) => sign(first, { sub })));
    expect(await Promise.all(tokens.map((token) => scene.judge(token)))).toEqual(['taken', 'taken', 'taken']);
    expect(scene.provider.asked).toHaveLength(2);
  });

  it('that are new are found at once', async () => {
    const scene = await start();
    scene.provider.keys = [first.jwk, second.jwk];
    scene.pass(pauseMsMax);
    expect(await scene.judge(await sign(second, long))).toBe('taken');
    expect(await scene.judge(await sign(first, long))).toBe('taken');
  });

  it('that do not exist make nobody ask more than once in a while', async () => {
    const scene = await start();
    scene.pass(pauseMsMax);
    for (let count = 0; count < 100; count += 1)
      expect(await scene.judge(await sign(second, long, { kid: `k${count + 10}` }))).toBe('unknown_key');
    expect(scene.provider.asked).toHaveLength(4);
    // And with one a second for minutes.
    for (let at = 0; at < 240; at += 1) {
      scene.pass(1_000);
      await scene.judge(await sign(second, long, { kid: `x${at}` }));
    }
    expect(scene.provider.asked.length).toBeLessThanOrEqual(4 + 2 * 12);
  });

  it('that were withdrawn stand no longer than they are fresh, and who stood on them is told of', async () => {
    const scene = await start();
    const token = await sign(first, long);
    const identity = await scene.find(token);
    let changes = 0;
    scene.opened.identities.onChange(() => (changes += 1));
    scene.provider.keys = [second.jwk];
    scene.pass(freshMs);
    scene.opened.poll();
    await until(() => changes === 1);
    expect(identity && scene.opened.identities.isCurrent(identity)).toBe(false);
    expect(identity && scene.opened.identities.mayFinish(identity)).toBe(false);
    expect(await scene.judge(token)).toBe('unknown_key');
  });

  it('of an empty set are all withdrawn', async () => {
    const scene = await start();
    scene.provider.keys = [];
    scene.pass(freshMs);
    scene.opened.poll();
    const token = await sign(first, long);
    await until(async () => (await scene.judge(token)) === 'unknown_key');
  });
});

describe.each<[string, () => Promise<Uint8Array>]>([
  ['is not there', fail('connect ECONNREFUSED')],
  ['is too slow', fail('The operation was aborted due to timeout')],
  ['sends elsewhere', fail('unexpected redirect')],
  ['sends a page', say('<!doctype html><title>Maintenance</title>')],
  ['sends nothing', say('')],
  ['sends half of it', say('{"keys":[{"kty":"RSA"')],
  ['sends something else', say('{"error":"temporarily_unavailable"}')],
  ['sends keys twice', say('{"keys":[],"keys":[]}')],
  [
    'sends too many keys',
    say(JSON.stringify({ keys: Array.from({ length: keysMax + 1 }, () => third.jwk) })),
  ],
  ['nests deeply', say(`{"keys":${'['.repeat(100)}${']'.repeat(100)}}`)],
])('a provider that %s', (_what, answer) => {
  it('keeps the keys that it had, says so, and loses them after a time', async () => {
    const scene = await start();
    const known = await sign(first, long);
    scene.provider.answer = answer;
    scene.pass(freshMs);
    scene.opened.poll();
    await until(() => scene.problems.at(-1) !== undefined);
    expect(scene.problems.at(-1)).toMatchObject({ code: 'issuer_keys_unreadable' });
    expect(scene.problems.at(-1)?.detail).toMatch(/^https:\/\/id\.example\.com: ./);
    expect(await scene.judge(known)).toBe('taken');
    expect(await scene.judge(await sign(first, { ...long, sub: 'bob' }))).toBe('taken');
    expect(await scene.judge(await sign(second, long))).toBe('unknown_key');
    scene.pass(keptMs);
    scene.opened.poll();
    await expect(scene.find(known)).rejects.toMatchObject({ code: 'issuer_unavailable' });
    // As soon as it is back all is as before.
    scene.provider.answer = undefined;
    scene.pass(pauseMsMax);
    expect(await scene.judge(known)).toBe('taken');
    expect(scene.problems.at(-1)).toBeUndefined();
  });

  it('lets nobody in where it never had any', async () => {
    const scene = new TokenScene();
    scene.provider.answer = answer;
    await expect(scene.find(await sign(first, long))).rejects.toMatchObject({ code: 'issuer_unavailable' });
  });
});

describe('of what a provider publishes', () => {
  const judge = async (keys: unknown[], token = sign(first, long)): Promise<string> => {
    const scene = new TokenScene();
    scene.provider.keys = keys;
    return scene.judge(await token);
  };

  it.each<[string, () => unknown[], string]>([
    ['the same key twice is one', () => [first.jwk, first.jwk], 'taken'],
    ['two keys of one name are none', () => [first.jwk, { ...second.jwk, kid: 'k1' }], 'unknown_key'],
    ['two of one name for two algorithms are two', () => [first.jwk, { ...third.jwk, kid: 'k1' }], 'taken'],
    ['a key for encryption is none', () => [{ ...first.jwk, use: 'enc' }], 'unknown_key'],
    ['a key that may not verify is none', () => [{ ...first.jwk, key_ops: ['sign'] }], 'unknown_key'],
    ['a key for another algorithm is none', () => [{ ...first.jwk, alg: 'RS512' }], 'unknown_key'],
    ['a private key is none', () => [{ ...first.jwk, d: 'AQAB' }], 'unknown_key'],
    ['a symmetric key is none', () => [{ kty: 'oct', k: 'AAAA', kid: 'k1' }], 'unknown_key'],
    ['a key without its modulus is none', () => [{ kty: 'RSA', e: 'AQAB', kid: 'k1' }], 'unknown_key'],
    ['a short key is none', () => [{ kty: 'RSA', e: 'AQAB', n: 'AQAB', kid: 'k1' }], 'malformed'],
    ['what is no key is passed over', () => [null, 7, 'RSA', [], {}, first.jwk], 'taken'],
    ['a name that is a number is none', () => [{ ...first.jwk, kid: 1 }], 'unknown_key'],
  ])('%s', async (_name, keys, outcome) => {
    expect(await judge(keys())).toBe(outcome);
  });

  it.each<[string, object]>([
    ['metadata of another issuer', { issuer: `${issuerName}/`, jwks_uri: `${issuerName}/keys` }],
    ['keys that come without TLS', { issuer: issuerName, jwks_uri: 'http://id.example.com/keys' }],
    ['no address of keys', { issuer: issuerName }],
    ['an address that is a list', { issuer: issuerName, jwks_uri: [`${issuerName}/keys`] }],
    ['an address with a password', { issuer: issuerName, jwks_uri: 'https://a:b@id.example.com/keys' }],
    ['an address of a file', { issuer: issuerName, jwks_uri: 'file:///etc/keys' }],
  ])('%s cannot be used', async (_name, metadata) => {
    const scene = new TokenScene();
    scene.provider.answer = say(JSON.stringify(metadata));
    await expect(scene.find(await sign(first, long))).rejects.toMatchObject({ code: 'issuer_unavailable' });
    expect(scene.provider.asked).toHaveLength(1);
  });

  it('the address that the operator gave is asked alone', async () => {
    const scene = new TokenScene({ jwksUrl: 'https://keys.example.com/all' });
    scene.provider.keys = [first.jwk];
    expect(await scene.judge(await sign(first, long))).toBe('taken');
    expect(scene.provider.asked).toEqual(['https://keys.example.com/all']);
  });
});
