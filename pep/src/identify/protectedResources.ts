// What the proxy says of itself to clients that have no token yet: for each server where tokens for it are issued, and
// what they have to be issued for (RFC 9728).
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Code } from '@cardea/schemas/codes';
import { resourceOf, type IssuersConfig } from '../config/issuerConfig.ts';
import { readBearer } from './bearer.ts';
import { scopesFor } from './jwt/scopes.ts';

const prefix = '/.well-known/oauth-protected-resource';

const readers: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** What changes of it changes with the configuration. */
const lifetimeSeconds = 300;

export interface Refused {
  readonly code: Code;
  /** All that is needed, where scopes are too few. */
  readonly scopes?: readonly string[];
}

export class ProtectedResources {
  readonly #publicUrl: string;
  /** By their paths. */
  readonly #documents: ReadonlyMap<string, Buffer>;

  constructor(config: IssuersConfig, servers: Iterable<string>) {
    this.#publicUrl = config.publicUrl;
    const documents = [...servers].map((id) => [`${prefix}/${id}/mcp`, describeServer(config, id)] as const);
    this.#documents = new Map(documents);
  }

  /** Whether the request was for one of them, and is answered. */
  answer(request: Pick<IncomingMessage, 'method' | 'url'>, response: ServerResponse): boolean {
    const document = this.#documents.get(request.url ?? '');
    if (document === undefined || !readers.has(request.method ?? '')) return false;
    // Strangers ask, and keep no connection.
    response.shouldKeepAlive = false;
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': document.length,
      'cache-control': `max-age=${lifetimeSeconds}`,
    });
    response.end(request.method === 'HEAD' ? undefined : document);
    return true;
  }

  /** The header WWW-Authenticate of a refusal; undefined for one that no other token would change. */
  challenge(
    { url = '', headers }: Pick<IncomingMessage, 'url' | 'headers'>,
    { code, scopes }: Refused,
  ): string | undefined {
    const metadata = this.#documents.has(prefix + url)
      ? [`resource_metadata="${this.#publicUrl}${prefix}${url}"`]
      : [];
    if (code === 'insufficient_scope') {
      const scope = `scope="${scopes?.join(' ') ?? ''}"`;
      return writeChallenge(['error="insufficient_scope"', scope, ...metadata]);
    }
    if (code !== 'unauthenticated') return undefined;
    // Whoever sent nothing has made no error (RFC 6750, 3.1).
    const error = readBearer(headers) === undefined ? [] : ['error="invalid_token"'];
    return writeChallenge([...error, ...metadata]);
  }
}

function writeChallenge(parameters: readonly string[]): string {
  return `Bearer ${['realm="cardea"', ...parameters].join(', ')}`;
}

function describeServer({ publicUrl, issuers }: IssuersConfig, server: string): Buffer {
  const scopes = [...new Set(issuers.flatMap((issuer) => scopesFor(issuer, server)))];
  const metadata = {
    resource: resourceOf(publicUrl, server),
    authorization_servers: issuers.map(({ issuer }) => issuer),
    ...(scopes.length === 0 ? {} : { scopes_supported: scopes }),
    bearer_methods_supported: ['header'],
  };
  return Buffer.from(JSON.stringify(metadata));
}
