// The keys of sessions, from where pep.json says that they are.
import type { ProxyConfig } from '../config/proxyConfig.ts';
import type { SecretKeeper } from '../config/secretKeeper.ts';
import { makeSealing, type Sealing } from '../sessions/sealing.ts';

/** As hexadecimal digits they have 128 bits. */
const keyCharactersMin = 32;

/** Throws SecretFault. */
export async function openSealing(
  { sessions }: ProxyConfig,
  organisation: string,
  secrets: SecretKeeper,
): Promise<Sealing> {
  const keys = await Promise.all(
    (sessions?.keys ?? []).map(async ({ id, source }) => ({
      id,
      secret: await secrets.openSecret(source, keyCharactersMin),
    })),
  );
  return makeSealing({ organisation, keys, limits: sessions?.limits });
}
