// Mistakes about who calls: a token that is taken although it should not be, or for longer than it should.
import type { Mutant } from './mutant.ts';

const folder = 'pep/src/identify/jwt';
const tokens = `${folder}/tokens.test.ts`;
const keys = `${folder}/issuerKeys.test.ts`;
const identities = `${folder}/jwtIdentities.test.ts`;

export const identityMutants: readonly Mutant[] = [
  {
    name: 'identify: a token is for any server',
    file: `${folder}/verifyToken.ts`,
    find: 'audience: [...(audiences.get(server) ?? [])],',
    replace: 'audience: [...audiences.values()].flat(),',
    noticedBy: tokens,
  },
  {
    name: 'identify: the token chooses its algorithm',
    file: `${folder}/verifyToken.ts`,
    find: "|| !issuer.config.algorithms.includes(alg)) throw new TokenFault('algorithm');",
    replace: ") throw new TokenFault('algorithm');",
    noticedBy: tokens,
  },
  {
    name: 'identify: a token made for something else',
    file: `${folder}/verifyToken.ts`,
    find: 'types.has(typ.toLowerCase())',
    replace: 'types.size > 0',
    noticedBy: tokens,
  },
  {
    name: 'identify: a token from the future',
    file: `${folder}/verifyToken.ts`,
    find: 'if (iat * 1_000 > nowMs + clockSkewMs)',
    replace: 'if (iat * 1_000 > Infinity + clockSkewMs)',
    noticedBy: tokens,
  },
  {
    name: 'identify: groups that are elsewhere are none',
    file: `${folder}/claims.ts`,
    find: "if (isElsewhere || claimAt(claims, ['hasgroups']) === true) throw",
    replace: 'if (isElsewhere && found !== undefined) throw',
    noticedBy: tokens,
  },
  {
    name: 'identify: the first of two agents',
    file: `${folder}/claims.ts`,
    find: 'if (named.size !== 1) throw',
    replace: 'if (named.size === 0) throw',
    noticedBy: tokens,
  },
  {
    name: 'identify: any of the keys of one name',
    file: `${folder}/keySet.ts`,
    find: 'if (key === undefined || others.length > 0) return undefined;',
    replace: 'if (key === undefined || others.length > 99) return undefined;',
    noticedBy: keys,
  },
  {
    name: 'identify: keys stand for ever',
    file: `${folder}/issuerKeys.ts`,
    find: 'this.#confirmedMs < keptMs ? this.#keys : undefined',
    replace: 'this.#confirmedMs < Infinity ? this.#keys : undefined',
    noticedBy: keys,
  },
  {
    name: 'identify: whoever makes up keys makes us ask',
    file: `${folder}/issuerKeys.ts`,
    find: 'if (nowMs - this.#lookedMs < this.#pauseMs) return Promise.resolve();',
    replace: 'if (nowMs < this.#lookedMs) return Promise.resolve();',
    noticedBy: keys,
  },
  {
    name: 'identify: a withdrawn key stands where it was used',
    file: `${folder}/jwtIdentities.ts`,
    find: 'return footing.issuer.keys.stands(footing.thumbprint);',
    replace: 'return footing.thumbprint.length > 0;',
    noticedBy: keys,
  },
  {
    name: 'identify: a token that was seen is known everywhere',
    file: `${folder}/jwtIdentities.ts`,
    find: "const key = `${server} ${hash('sha256', token, 'hex')}`;",
    replace: "const key = hash('sha256', token, 'hex');",
    noticedBy: identities,
  },
  {
    name: 'identify: a scope of another server',
    file: `${folder}/scopes.ts`,
    find: 'held.has(scope) && servers.has(server)',
    replace: 'held.has(scope) && servers.size > 0',
    noticedBy: identities,
  },
];
