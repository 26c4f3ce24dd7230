// Which tokens are taken, and why the others are not.
import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { exportSPKI, importJWK, type CryptoKey } from 'jose';
import {
  goodClaims,
  issuerName,
  makeKey,
  nowSeconds,
  resource,
  sign,
  type ProviderKey,
} from './scene/provider.ts';
import { TokenScene } from './scene/tokenScene.ts';

const rsa = await makeKey('RS256', 'r1');
const ec = await makeKey('ES256', 'e1');
const ed = await makeKey('EdDSA', 'd1');
const stranger = await makeKey('RS256', 'r1');
const pss = await makeKey('PS256', 'p1');
const es384 = await makeKey('ES384', 'e3');

const published = [rsa, ec, ed, pss, es384].map(({ jwk }) => jwk);

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signed by whoever knows what everybody knows. */
async function signWithPublic(key: ProviderKey, form: 'pem' | 'jwk' | 'n'): Promise<string> {
  const input = `${encode({ alg: 'HS256', kid: key.kid, typ: 'at+jwt' })}.${encode(goodClaims)}`;
  const publicKey = (await importJWK(key.jwk, 'RS256')) as CryptoKey;
  const secret = { pem: await exportSPKI(publicKey), jwk: JSON.stringify(key.jwk), n: key.jwk.n ?? '' }[form];
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

const unsigned = (header: object, signature = ''): string =>
  `${encode({ typ: 'at+jwt', ...header })}.${encode(goodClaims)}.${signature}`;

/** Another part of a good token. */
async function change(part: 0 | 1 | 2, edit: (text: string) => string): Promise<string> {
  const parts = (await sign(rsa)).split('.');
  parts[part] = edit(parts[part] as string);
  return parts.join('.');
}

type Case = readonly [name: string, token: () => string | Promise<string>, outcome: string, config?: object];

const algorithms: Case[] = [
  ['RS256', () => sign(rsa), 'taken'],
  ['ES256', () => sign(ec), 'taken'],
  ['EdDSA', () => sign(ed), 'taken'],
  ['PS256 where it is not pinned', () => sign(pss), 'algorithm'],
  ['PS256 where it is', () => sign(pss), 'taken', { algorithms: ['PS256'] }],
  ['RS256 where PS256 alone is pinned', () => sign(rsa), 'algorithm', { algorithms: ['PS256'] }],
  ['ES384 where it is not pinned', () => sign(es384), 'algorithm'],
  ['none', () => unsigned({ alg: 'none', kid: 'r1' }, 'AA'), 'algorithm'],
  ['none, without a signature', () => unsigned({ alg: 'none', kid: 'r1' }), 'malformed'],
  ['None', () => unsigned({ alg: 'None' }, 'AA'), 'algorithm'],
  ['nOnE', () => unsigned({ alg: 'nOnE' }, 'AA'), 'algorithm'],
  ['no algorithm', () => unsigned({ kid: 'r1' }, 'AA'), 'algorithm'],
  ['a list of algorithms', () => unsigned({ alg: ['RS256'], kid: 'r1' }, 'AA'), 'algorithm'],
  ['an empty algorithm', () => unsigned({ alg: '', kid: 'r1' }, 'AA'), 'algorithm'],
  ['the name of a prototype', () => unsigned({ alg: '__proto__', kid: 'r1' }, 'AA'), 'algorithm'],
  ['HS256 with the public key as PEM', () => signWithPublic(rsa, 'pem'), 'algorithm'],
  ['HS256 with the public key as JWK', () => signWithPublic(rsa, 'jwk'), 'algorithm'],
  ['HS256 with the modulus', () => signWithPublic(rsa, 'n'), 'algorithm'],
  ['RS256 with the key of ES256', () => sign(rsa, {}, { kid: 'e1' }), 'unknown_key'],
  [
    'RS256 over a signature of PS256',
    () => change(0, () => encode({ alg: 'RS256', kid: 'p1' })),
    'signature',
  ],
  ['RS256 in lower case', () => change(0, () => encode({ alg: 'rs256', kid: 'r1' })), 'algorithm'],
];

const headers: Case[] = [
  ['no type', () => sign(rsa, {}, { typ: undefined }), 'taken'],
  ['JWT', () => sign(rsa, {}, { typ: 'JWT' }), 'taken'],
  ['application/at+jwt', () => sign(rsa, {}, { typ: 'application/at+jwt' }), 'taken'],
  ['a logout token', () => sign(rsa, {}, { typ: 'logout+jwt' }), 'malformed'],
  ['a proof of possession', () => sign(rsa, {}, { typ: 'dpop+jwt' }), 'malformed'],
  ['a type that is no text', () => sign(rsa, {}, { typ: 1 }), 'malformed'],
  [
    'crit with what nobody knows',
    () => change(0, () => encode({ alg: 'RS256', kid: 'r1', crit: ['x'], x: 1 })),
    'malformed',
  ],
  ['an empty crit', () => change(0, () => encode({ alg: 'RS256', kid: 'r1', crit: [] })), 'malformed'],
  [
    'crit with b64',
    () => change(0, () => encode({ alg: 'RS256', kid: 'r1', crit: ['b64'], b64: false })),
    'signature',
  ],
  [
    'an embedded key',
    () => sign(stranger, {}, { kid: undefined, jwk: stranger.jwk }),
    'unknown_key',
    { algorithms: ['RS256'] },
  ],
  ['an embedded key under a known name', () => sign(stranger, {}, { jwk: stranger.jwk }), 'signature'],
  ['an address of keys', () => sign(stranger, {}, { jku: 'https://evil.example.com/keys' }), 'signature'],
  [
    'an address of a certificate',
    () => sign(stranger, {}, { x5u: 'https://evil.example.com/cert' }),
    'signature',
  ],
  ['a certificate', () => sign(stranger, {}, { x5c: ['MIIB'] }), 'signature'],
];

const kids: Case[] = [
  ['unknown', () => sign(rsa, {}, { kid: 'r2' }), 'unknown_key'],
  ['missing, where one key fits', () => sign(ec, {}, { kid: undefined }), 'taken'],
  ['missing, where two keys fit', () => sign(rsa, {}, { kid: undefined }), 'unknown_key'],
  ['empty', () => sign(rsa, {}, { kid: '' }), 'unknown_key'],
  ['a number', () => sign(rsa, {}, { kid: 1 }), 'unknown_key'],
  ['a path', () => sign(rsa, {}, { kid: '../../dev/null' }), 'unknown_key'],
  ['a query', () => sign(rsa, {}, { kid: "r1' OR '1'='1" }), 'unknown_key'],
  ['a prototype', () => sign(rsa, {}, { kid: '__proto__' }), 'unknown_key'],
  ['10,000 characters', () => sign(rsa, {}, { kid: 'r'.repeat(10_000) }), 'malformed'],
  ['1,000 characters', () => sign(rsa, {}, { kid: 'r'.repeat(1_000) }), 'unknown_key'],
  ['of another case', () => sign(rsa, {}, { kid: 'R1' }), 'unknown_key'],
];

const audiences: Case[] = [
  ['a list with ours', () => sign(rsa, { aud: ['https://other.example.com', resource] }), 'taken'],
  ['another server', () => sign(rsa, { aud: 'https://mcp.example.com/shop/mcp' }), 'audience'],
  ['the whole proxy', () => sign(rsa, { aud: 'https://mcp.example.com' }), 'audience'],
  ['with a slash', () => sign(rsa, { aud: `${resource}/` }), 'audience'],
  ['in capitals', () => sign(rsa, { aud: resource.toUpperCase() }), 'audience'],
  ['missing', () => sign(rsa, { aud: undefined }), 'audience'],
  ['an empty list', () => sign(rsa, { aud: [] }), 'audience'],
  ['a list in a list', () => sign(rsa, { aud: [[resource]] }), 'audience'],
  ['an object', () => sign(rsa, { aud: { [resource]: 1 } }), 'audience'],
  ['null', () => sign(rsa, { aud: null }), 'audience'],
  ['a part of ours', () => sign(rsa, { aud: resource.slice(0, -1) }), 'audience'],
  [
    'that of the configuration',
    () => sign(rsa, { aud: 'api://desk' }),
    'taken',
    { audiences: { desk: ['api://desk'] } },
  ],
  [
    'ours, where the configuration has another',
    () => sign(rsa),
    'audience',
    { audiences: { desk: ['api://desk'] } },
  ],
  [
    'that of another server of the configuration',
    () => sign(rsa, { aud: 'api://shop' }),
    'audience',
    { audiences: { shop: ['api://shop'] } },
  ],
];

const issuers: Case[] = [
  ['with a slash', () => sign(rsa, { iss: `${issuerName}/` }), 'unknown_issuer'],
  ['in capitals', () => sign(rsa, { iss: 'https://ID.example.com' }), 'unknown_issuer'],
  ['by http', () => sign(rsa, { iss: 'http://id.example.com' }), 'unknown_issuer'],
  ['with a port', () => sign(rsa, { iss: `${issuerName}:443` }), 'unknown_issuer'],
  ['missing', () => sign(rsa, { iss: undefined }), 'unknown_issuer'],
  ['a list', () => sign(rsa, { iss: [issuerName] }), 'unknown_issuer'],
  ['a prototype', () => sign(rsa, { iss: '__proto__' }), 'unknown_issuer'],
  ['somebody else', () => sign(stranger, { iss: 'https://evil.example.com' }), 'unknown_issuer'],
];

const times: Case[] = [
  ['expired within the skew', () => sign(rsa, { exp: nowSeconds - 29 }), 'taken'],
  ['expired at the skew', () => sign(rsa, { exp: nowSeconds - 30 }), 'expired'],
  ['expired beyond it', () => sign(rsa, { exp: nowSeconds - 31 }), 'expired'],
  ['without a skew', () => sign(rsa, { exp: nowSeconds }), 'expired', { clockSkewSeconds: 0 }],
  ['no exp', () => sign(rsa, { exp: undefined }), 'claims'],
  ['exp as a text', () => sign(rsa, { exp: String(nowSeconds + 60) }), 'claims'],
  ['exp as null', () => sign(rsa, { exp: null }), 'claims'],
  ['exp in milliseconds', () => sign(rsa, { exp: nowSeconds * 1_000 }), 'claims'],
  ['exp below zero', () => sign(rsa, { exp: -1 }), 'expired'],
  [
    'exp beyond all numbers',
    () =>
      change(1, () =>
        Buffer.from(JSON.stringify(goodClaims).replace(/"exp":\d+/, '"exp":1e999')).toString('base64url'),
      ),
    'signature',
  ],
  ['nbf within the skew', () => sign(rsa, { nbf: nowSeconds + 30 }), 'taken'],
  ['nbf beyond it', () => sign(rsa, { nbf: nowSeconds + 31 }), 'early'],
  ['nbf as a text', () => sign(rsa, { nbf: 'now' }), 'claims'],
  ['iat within the skew', () => sign(rsa, { iat: nowSeconds + 30 }), 'taken'],
  ['iat beyond it', () => sign(rsa, { iat: nowSeconds + 31 }), 'early'],
  ['no iat', () => sign(rsa, { iat: undefined }), 'claims'],
  ['iat as a text', () => sign(rsa, { iat: '0' }), 'claims'],
  ['iat with a fraction', () => sign(rsa, { iat: nowSeconds - 0.25 }), 'taken'],
];

const shapes: Case[] = [
  ['a changed claim', () => change(1, () => encode({ ...goodClaims, sub: 'bob' })), 'signature'],
  [
    'a changed signature',
    () => change(2, (text) => (text.startsWith('A') ? 'B' : 'A') + text.slice(1)),
    'signature',
  ],
  ['a signature of another key', () => sign(stranger), 'signature'],
  ['an encrypted token', () => 'a.b.c.d.e', 'malformed'],
  ['two parts', async () => (await sign(rsa)).split('.').slice(0, 2).join('.'), 'malformed'],
  ['four parts', async () => `${await sign(rsa)}.AA`, 'malformed'],
  ['padding', () => change(2, (text) => `${text}==`), 'malformed'],
  ['the other alphabet', () => change(2, (text) => `+${text.slice(1)}`), 'malformed'],
  ['a line break', async () => `${await sign(rsa)}\n`, 'malformed'],
  ['a header that is no object', () => change(0, () => encode('RS256')), 'malformed'],
  ['claims that are a list', () => change(1, () => encode([goodClaims])), 'malformed'],
  [
    'claims that are no JSON',
    () => change(1, () => Buffer.from('iss=id').toString('base64url')),
    'malformed',
  ],
  ['20 KB', () => sign(rsa, { pad: 'x'.repeat(20_000) }), 'malformed'],
  ['8 KB', () => sign(rsa, { pad: 'x'.repeat(6_000) }), 'taken'],
  ['nothing', () => '', 'malformed'],
];

const claims: Case[] = [
  ['no sub', () => sign(rsa, { sub: undefined }), 'claims'],
  ['an empty sub', () => sign(rsa, { sub: '' }), 'claims'],
  ['a number as sub', () => sign(rsa, { sub: 7 }), 'claims'],
  ['an object as sub', () => sign(rsa, { sub: { toString: 'ann' } }), 'claims'],
  ['half a character as sub', () => sign(rsa, { sub: 'ann\ud800' }), 'claims'],
  ['a long sub', () => sign(rsa, { sub: 'a'.repeat(257) }), 'claims'],
  ['a prototype as sub', () => sign(rsa, { sub: '__proto__' }), 'taken'],
  ['no agent', () => sign(rsa, { azp: undefined }), 'claims'],
  ['the agent as client_id', () => sign(rsa, { azp: undefined, client_id: 'claude' }), 'taken'],
  ['two agents', () => sign(rsa, { client_id: 'cursor' }), 'claims'],
  ['an agent that is a list', () => sign(rsa, { azp: ['claude'] }), 'claims'],
  ['groups as one text', () => sign(rsa, { groups: 'support' }), 'taken'],
  ['no groups', () => sign(rsa, { groups: undefined }), 'taken'],
  ['groups of numbers', () => sign(rsa, { groups: [1, 2] }), 'claims'],
  ['groups that are an object', () => sign(rsa, { groups: { support: true } }), 'claims'],
  ['an empty group', () => sign(rsa, { groups: [''] }), 'claims'],
  [
    'groups that are elsewhere',
    () => sign(rsa, { groups: undefined, _claim_names: { groups: 'src1' } }),
    'claims',
  ],
  ['groups that are too many to say', () => sign(rsa, { groups: undefined, hasgroups: true }), 'claims'],
  [
    'groups named as prototypes',
    () => sign(rsa, { groups: ['__proto__', 'constructor', 'toString'] }),
    'taken',
  ],
  ['a proof of possession that nobody sees', () => sign(rsa, { cnf: { jkt: 'x' } }), 'claims'],
  [
    'an address that was not checked',
    () => sign(rsa, { email: 'a@b', email_verified: false }),
    'claims',
    { claims: { person: 'email' } },
  ],
  ['an address', () => sign(rsa, { email: 'a@b' }), 'taken', { claims: { person: 'email' } }],
  ['a claim that only a prototype has', () => sign(rsa), 'claims', { claims: { person: 'constructor' } }],
  ['a tag that is no text', () => sign(rsa, { site: 1 }), 'claims', { claims: { tags: { site: 'site' } } }],
  [
    'scopes that are no text',
    () => sign(rsa, { scope: { a: 1 } }),
    'claims',
    { scopes: [{ scope: 'a', effects: ['read'] }] },
  ],
];

describe.each([
  ['an algorithm', algorithms],
  ['a header', headers],
  ['a name of a key', kids],
  ['an audience', audiences],
  ['an issuer', issuers],
  ['a time', times],
  ['a shape', shapes],
  ['a claim', claims],
] as const)('%s of a token', (_kind, cases) => {
  it.each(cases)('%s', async (_name, token, outcome, config = {}) => {
    const scene = new TokenScene(config);
    scene.provider.keys = published;
    expect(await scene.judge(await token())).toBe(outcome);
    // No address that a token names is ever asked.
    expect(scene.provider.asked.every((url) => url.startsWith(issuerName))).toBe(true);
    expect(scene.provider.asked.length).toBeLessThanOrEqual(2);
  });
});

it('ten thousand groups do not fit into a token, nor a thousand and one into an identity', async () => {
  const scene = new TokenScene();
  scene.provider.keys = published;
  const groups = (count: number): string[] => Array.from({ length: count }, (_, at) => `${at}`);
  expect(await scene.judge(await sign(ec, { groups: groups(10_000) }))).toBe('malformed');
  expect(await scene.judge(await sign(ec, { groups: groups(1_001) }))).toBe('claims');
  expect(await scene.judge(await sign(ec, { groups: groups(1_000) }))).toBe('taken');
});
