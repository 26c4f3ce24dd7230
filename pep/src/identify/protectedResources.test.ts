import { describe, expect, it } from '@jest/globals';
import { Refusal } from '@cardea/schemas/codes';
import { InsufficientScope } from './insufficientScope.ts';
import { makeConfig } from './jwt/scene/tokenScene.ts';
import { ProtectedResources } from './protectedResources.ts';

const scopes = [{ scope: 'desk:read', servers: ['desk'], effects: ['read'] }];
const resources = new ProtectedResources(makeConfig({ scopes }), ['desk', 'shop']);

interface Answer {
  readonly isAnswered: boolean;
  readonly body: string;
}

function ask(method: string, url: string): Answer {
  let body = '';
  const response = { writeHead: () => response, end: (bytes?: Buffer) => (body = bytes?.toString() ?? '') };
  const isAnswered = resources.answer({ method, url }, response as never);
  return { isAnswered, body };
}

const path = '/.well-known/oauth-protected-resource/desk/mcp';

describe('metadata', () => {
  it('says of each server what tokens are for, who issues them, and where they go', () => {
    expect(JSON.parse(ask('GET', path).body)).toEqual({
      resource: 'https://mcp.example.com/desk/mcp',
      authorization_servers: ['https://id.example.com'],
      scopes_supported: ['desk:read'],
      bearer_methods_supported: ['header'],
    });
    expect(JSON.parse(ask('GET', path.replace('desk', 'shop')).body)).not.toHaveProperty('scopes_supported');
    expect(ask('HEAD', path)).toEqual({ isAnswered: true, body: '' });
  });

  it.each([
    ['POST', path],
    ['GET', '/.well-known/oauth-protected-resource'],
    ['GET', `${path}/`],
    ['GET', `${path}?access_token=x`],
    ['GET', path.replace('desk', 'none')],
    ['GET', path.replace('desk', '__proto__')],
    ['GET', '/desk/mcp'],
  ])('is not at %s %s', (method, url) => {
    expect(ask(method, url).isAnswered).toBe(false);
  });
});

describe('a challenge', () => {
  const challenge = (refusal: Refusal, authorization?: string, url = '/desk/mcp'): string | undefined =>
    resources.challenge({ url, headers: { ...(authorization && { authorization }) } }, refusal);
  const where = `resource_metadata="https://mcp.example.com${path}"`;
  const nobody = new Refusal('unauthenticated', 'no');

  it('says where tokens are had', () => {
    expect(challenge(nobody)).toBe(`Bearer realm="cardea", ${where}`);
    expect(challenge(nobody, 'Basic YTpi')).toBe(`Bearer realm="cardea", ${where}`);
  });

  it('says the same of every token that is not taken', () => {
    const expected = `Bearer realm="cardea", error="invalid_token", ${where}`;
    for (const token of ['x', 'a.b.c', 'x'.repeat(5_000)])
      expect(challenge(nobody, `bearer ${token}`)).toBe(expected);
  });

  it('names every scope that is missing', () => {
    const refusal = new InsufficientScope(['desk:read', 'write']);
    expect(challenge(refusal, 'Bearer x')).toBe(
      `Bearer realm="cardea", error="insufficient_scope", scope="desk:read write", ${where}`,
    );
  });

  it('is none where another token would change nothing', () => {
    expect(challenge(new Refusal('overloaded', 'no'))).toBeUndefined();
  });

  it('names no address that a client made up', () => {
    expect(challenge(nobody, undefined, '/"x"/mcp')).toBe('Bearer realm="cardea"');
  });
});
