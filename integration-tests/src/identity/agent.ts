// An agent on the SDK, with the whole of its authorization: it finds out where tokens are had, registers, sends its
// person to log in, and refreshes by itself.
import { UnauthorizedError, type OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type {
  OAuthClientInformationMixed,
  OAuthClientMetadata,
  OAuthTokens,
} from '@modelcontextprotocol/sdk/shared/auth.js';
import { logIn } from './browser.ts';

const callback = 'http://127.0.0.1:1/callback';

export class AgentAuthorization implements OAuthClientProvider {
  readonly redirectUrl = callback;
  readonly clientMetadata: OAuthClientMetadata = {
    client_name: 'an agent',
    redirect_uris: [callback],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  };
  /** All that it had, the last at the end. */
  readonly held: OAuthTokens[] = [];
  sentTo: URL | undefined;
  #client: OAuthClientInformationMixed | undefined;
  #verifier = '';

  get accessToken(): string {
    return this.held.at(-1)?.access_token ?? '';
  }

  clientInformation(): OAuthClientInformationMixed | undefined {
    return this.#client;
  }

  saveClientInformation(client: OAuthClientInformationMixed): void {
    this.#client = client;
  }

  tokens(): OAuthTokens | undefined {
    return this.held.at(-1);
  }

  saveTokens(tokens: OAuthTokens): void {
    this.held.push(tokens);
  }

  redirectToAuthorization(url: URL): void {
    this.sentTo = url;
  }

  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier;
  }

  codeVerifier(): string {
    return this.#verifier;
  }
}

export interface ConnectedAgent {
  readonly client: Client;
  readonly authorization: AgentAuthorization;
  readonly close: () => Promise<void>;
}

/** Connects, once its person has logged in where that is asked for. */
export async function connectAgent(
  url: string,
  authorization = new AgentAuthorization(),
): Promise<ConnectedAgent> {
  const connect = async (): Promise<ConnectedAgent> => {
    const client = new Client({ name: 'agent', version: '1' }, { capabilities: { elicitation: {} } });
    const transport = makeTransport(url, authorization);
    await client.connect(transport);
    return { client, authorization, close: () => client.close() };
  };
  try {
    return await connect();
  } catch (fault) {
    if (!(fault instanceof UnauthorizedError) || authorization.sentTo === undefined) throw fault;
  }
  const code = await logIn(authorization.sentTo, callback);
  await makeTransport(url, authorization).finishAuth(code);
  return connect();
}

function makeTransport(url: string, authProvider: AgentAuthorization): StreamableHTTPClientTransport {
  return new StreamableHTTPClientTransport(new URL(url), { authProvider });
}
