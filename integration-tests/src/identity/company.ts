// The company's identity provider: a certified one, whose people log in without a page, whose keys can be rotated, and
// which can be out of reach.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { Provider, type Configuration } from 'oidc-provider';
import { CompanyMemory } from './companyMemory.ts';

export interface CompanyOptions {
  /** By person. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  /** That a server can be asked for. */
  readonly scopes: readonly string[];
  readonly tokenSeconds: number;
}

const hourSeconds = 3_600;

export class Company {
  /** Who sits at the browser. */
  person = '';
  /** Scopes that people do not consent to. */
  readonly refused = new Set<string>();
  isOut = false;
  readonly #options: CompanyOptions;
  readonly #keys: JWK[] = [];
  readonly #memory = new CompanyMemory();
  #provider: Provider | undefined;
  #handle: ((request: IncomingMessage, response: ServerResponse) => unknown) | undefined;
  readonly #server = createServer((request, response) => {
    if (this.isOut) request.destroy();
    else if (request.url?.startsWith('/interaction/') === true) void this.#interact(request, response);
    else this.#handle?.(request, response);
  });

  private constructor(options: CompanyOptions) {
    this.#options = options;
  }

  static async start(options: CompanyOptions): Promise<Company> {
    const company = new Company(options);
    await once(company.#server.listen(0, '127.0.0.1'), 'listening');
    await company.rotate();
    return company;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Signs with a new key from then on; the one before it stays published, those before that do not. */
  async rotate(): Promise<void> {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    const kid = `key-${Math.random().toString(36).slice(2)}`;
    this.#keys.unshift({ ...(await exportJWK(privateKey)), kid, use: 'sig', alg: 'RS256' });
    this.#keys.splice(2);
    this.#provider = new Provider(this.issuer, this.#configure());
    this.#handle = this.#provider.callback();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #configure(): Configuration {
    const { groups, scopes, tokenSeconds } = this.#options;
    return {
      adapter: (kind) => this.#memory.open(kind),
      jwks: { keys: this.#keys },
      cookies: { keys: ['of the tests'] },
      ttl: {
        AccessToken: tokenSeconds,
        Interaction: hourSeconds,
        Session: hourSeconds,
        Grant: hourSeconds,
        RefreshToken: hourSeconds,
      },
      scopes: [...scopes],
      findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
      extraTokenClaims: (_context, token) => ({
        groups: groups['accountId' in token ? token.accountId : ''] ?? [],
      }),
      issueRefreshToken: () => true,
      interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
      features: {
        devInteractions: { enabled: false },
        registration: { enabled: true },
        resourceIndicators: {
          enabled: true,
          useGrantedResource: () => true,
          getResourceServerInfo: (_context, audience) => ({
            audience,
            scope: scopes.join(' '),
            accessTokenFormat: 'jwt',
            accessTokenTTL: tokenSeconds,
            jwt: { sign: { alg: 'RS256' } },
          }),
        },
      },
    };
  }

  /** Logs in, and consents to what is not refused. */
  async #interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const provider = this.#provider as Provider;
    const { prompt, params } = await provider.interactionDetails(request, response);
    const options = { mergeWithLastSubmission: true };
    if (prompt.name === 'login') {
      await provider.interactionFinished(request, response, { login: { accountId: this.person } }, options);
      return;
    }
    const grant = new provider.Grant({ accountId: this.person, clientId: String(params['client_id']) });
    const asked = String(params['scope']).split(' ');
    const given = asked.filter((scope) => !this.refused.has(scope)).join(' ');
    const refused = asked.filter((scope) => this.refused.has(scope)).join(' ');
    const resource = String(params['resource']);
    grant.addOIDCScope(given);
    grant.addResourceScope(resource, given);
    grant.rejectOIDCScope(refused);
    grant.rejectResourceScope(resource, refused);
    const grantId = await grant.save();
    await provider.interactionFinished(request, response, { consent: { grantId } }, options);
  }
}
