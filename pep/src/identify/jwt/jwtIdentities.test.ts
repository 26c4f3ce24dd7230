// Who the holder of a token is, for how long, and what it costs to know.
import { describe, expect, it } from '@jest/globals';
import type { Identity } from '../identity.ts';
import { finishMsMax } from './jwtIdentities.ts';
import { makeKey, nowSeconds, resource, sign } from './scene/provider.ts';
import { TokenScene } from './scene/tokenScene.ts';

const key = await makeKey('ES256', 'e1');

function start(change: object = {}): TokenScene {
  const scene = new TokenScene(change);
  scene.provider.keys = [key.jwk];
  return scene;
}

describe('the holder of a token', () => {
  it('is the person of its subject, through the agent that it was issued to, on one server', async () => {
    const identity = await start().find(await sign(key));
    expect(identity).toMatchObject({
      person: { id: 'ann', groups: ['support'] },
      agent: { id: 'claude', groups: [] },
      grant: {
        servers: ['desk'],
        tools: [],
        effects: ['destructive', 'read', 'write'],
        issuedMs: (nowSeconds - 10) * 1_000,
        expiresMs: (nowSeconds + 330) * 1_000,
      },
    });
  });

  it('has the names that the configuration says, each after its prefix', async () => {
    const scene = start({
      prefix: 'acme/',
      claims: {
        person: 'email',
        groups: ['realm', 'roles'],
        agent: 'appid',
        tags: { site: 'https://acme/site' },
      },
    });
    const claims = {
      email: 'ann@acme',
      realm: { roles: ['b', 'a', 'a'] },
      appid: 'app',
      'https://acme/site': 'vienna',
    };
    expect(await scene.find(await sign(key, claims))).toMatchObject({
      person: { id: 'acme/ann@acme', groups: ['acme/a', 'acme/b'], tags: { site: 'vienna' } },
      agent: { id: 'acme/app' },
    });
  });

  it('keeps the name of the grant when the token is refreshed, and shares it with nobody', async () => {
    const scene = start();
    const nameOf = async (claims: object): Promise<string | undefined> =>
      (await scene.find(await sign(key, claims)))?.grant.id;
    const name = await nameOf({});
    expect(name).toMatch(/^jwt-[0-9a-f]{64}$/);
    expect(await nameOf({ iat: nowSeconds, exp: nowSeconds + 900, jti: 'another' })).toBe(name);
    expect(await nameOf({ sub: 'bob' })).not.toBe(name);
    expect(await nameOf({ azp: 'cursor' })).not.toBe(name);
    // Where one name ends and the next begins is part of it.
    expect(await nameOf({ sub: 'annc', azp: 'laude' })).not.toBe(name);
  });
});

describe('scopes', () => {
  const scopes = [
    { scope: 'desk:read', servers: ['desk'], effects: ['read'] },
    { scope: 'write', effects: ['write'] },
    { scope: 'shop:all', servers: ['shop'], effects: ['read', 'write', 'destructive'] },
  ];

  it.each<[string, object, readonly string[]]>([
    ['one', { scope: 'desk:read' }, ['read']],
    ['two', { scope: 'openid desk:read write' }, ['read', 'write']],
    ['a list', { scp: ['desk:read', 'write'] }, ['read', 'write']],
    ['a text called scp', { scp: 'write' }, ['write']],
    ['one of another server beside ours', { scope: 'shop:all write' }, ['write']],
  ])('%s', async (_name, claims, effects) => {
    const identity = await start({ scopes }).find(await sign(key, claims));
    expect(identity?.grant.effects).toEqual(effects);
  });

  it.each<[string, object]>([
    ['none', {}],
    ['an empty one', { scope: '' }],
    ['of another server', { scope: 'shop:all' }],
    ['in capitals', { scope: 'DESK:READ' }],
    ['a part of one', { scope: 'desk' }],
    ['joined by something else', { scope: 'desk:read,write' }],
  ])('%s: all that this server takes are named', async (_name, claims) => {
    const scene = start({ scopes });
    const token = await sign(key, claims);
    for (let time = 0; time < 2; time += 1)
      await expect(scene.find(token)).rejects.toMatchObject({
        code: 'insufficient_scope',
        scopes: ['desk:read', 'write'],
      });
  });
});

describe('an effect that a token does not open', () => {
  const scopes = [
    { scope: 'all', effects: ['read', 'write', 'destructive'] },
    { scope: 'read', effects: ['read'] },
    { scope: 'write', effects: ['read', 'write'] },
    { scope: 'shop', servers: ['shop'], effects: ['read', 'write'] },
  ];

  it.each<[string, string, 'write' | 'destructive', readonly string[]]>([
    ['the least that opens it, beside what it has', 'read', 'write', ['read', 'write']],
    ['what alone opens it', 'write', 'destructive', ['all', 'write']],
    ['none of another server', 'read shop', 'write', ['read', 'write']],
    ['none that nobody here knows', 'read openid', 'write', ['read', 'write']],
  ])('names %s', async (_name, scope, effect, wanted) => {
    const scene = start({ scopes });
    const identity = (await scene.find(await sign(key, { scope }))) as Identity;
    const { identities } = scene.opened;
    expect(() => {
      identities.requireScope(identity, 'desk', effect);
    }).toThrow(expect.objectContaining({ code: 'insufficient_scope', scopes: wanted }));
    identities.requireScope(identity, 'desk', 'read');
    expect(identity.whole?.grant.effects).toEqual(['destructive', 'read', 'write']);
  });

  it('and that no scope opens is left to the policies', async () => {
    const scene = start({ scopes: [{ scope: 'read', effects: ['read'] }] });
    const identity = (await scene.find(await sign(key, { scope: 'read' }))) as Identity;
    scene.opened.identities.requireScope(identity, 'desk', 'write');
    expect(identity.whole).toBeUndefined();
  });
});

describe('a token that was seen', () => {
  it('is known without a promise, and is the same identity', async () => {
    const scene = start();
    const token = await sign(key);
    const identity = await scene.find(token);
    expect(scene.opened.identities.find(token, 'desk')).toBe(identity);
  });

  it('is known for its server alone', async () => {
    const scene = start();
    const token = await sign(key);
    await scene.find(token);
    expect(await scene.judge(token, 'shop')).toBe('audience');
    const both = await sign(key, { aud: [resource, resource.replace('desk', 'shop')] });
    expect((await scene.find(both, 'desk'))?.grant.servers).toEqual(['desk']);
    expect((await scene.find(both, 'shop'))?.grant.servers).toEqual(['shop']);
  });

  it('is verified once for all who come with it at once', async () => {
    const scene = start();
    const token = await sign(key);
    const [one, ...others] = await Promise.all(Array.from({ length: 20 }, () => scene.find(token)));
    expect(new Set(others)).toEqual(new Set([one]));
  });

  it('is unknown from the moment on in which it expires, and whoever listens is told', async () => {
    const scene = start();
    const token = await sign(key);
    const identity = await scene.find(token);
    const { identities } = scene.opened;
    let changes = 0;
    identities.onChange(() => (changes += 1));
    scene.pass(329_999);
    scene.opened.poll();
    expect([await scene.judge(token), changes]).toEqual(['taken', 0]);
    scene.pass(1);
    scene.opened.poll();
    expect([await scene.judge(token), changes]).toEqual(['expired', 1]);
    expect(identity && identities.isCurrent(identity)).toBe(false);
    scene.opened.poll();
    expect(changes).toBe(1);
  });

  it('lets an answer that was begun come to its end, for a time', async () => {
    const scene = start();
    const identity = await scene.find(await sign(key));
    scene.pass(330_000);
    expect(identity && scene.opened.identities.mayFinish(identity)).toBe(true);
    scene.pass(finishMsMax);
    expect(identity && scene.opened.identities.mayFinish(identity)).toBe(false);
  });

  it('is not an identity of somebody else', async () => {
    const [one, other] = [start(), start()];
    const identity = await one.find(await sign(key));
    expect(identity && other.opened.identities.isCurrent(identity)).toBe(false);
  });
});
