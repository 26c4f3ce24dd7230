// An identity provider with one key and one caller. It serves its set of keys on loopback from this process, which has
// nothing to do while others are measured: a proxy asks for it when it starts.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { group } from '../workload/policies.ts';
import { serverId } from '../workload/tool.ts';

export interface IdentityProvider {
  /** What pep.json says of it, and of the proxy that its token is for. */
  readonly config: object;
  /** The caller's. */
  readonly token: string;
  readonly close: () => Promise<void>;
}

/** Calls go to no such address: it is the name under which tokens are issued. */
const publicUrl = 'https://proxy.bench.example';
const algorithm = 'RS256';
const kid = 'bench';

export async function startIdentityProvider(): Promise<IdentityProvider> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm);
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid, alg: algorithm }] });
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(keys);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const claims = { sub: 'person-jwt', azp: 'assistant', groups: [group, 'staff'] };
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: algorithm, kid, typ: 'at+jwt' })
    .setIssuer(issuer)
    .setAudience(`${publicUrl}/${serverId}/mcp`)
    .setIssuedAt()
    .setExpirationTime('1 day')
    .sign(privateKey);
  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close().closeAllConnections();
    await closed;
  };
  return {
    config: { publicUrl, issuers: [{ issuer, jwksUrl: `${issuer}/keys`, algorithms: [algorithm] }] },
    token,
    close,
  };
}
