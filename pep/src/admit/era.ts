// Which of the two families of MCP revisions a message belongs to. They live side by side and never mix: sessions,
// handshake and GET streams on the one side; on the other every request stands for itself.
import { Refusal } from '@cardea/schemas/codes';
import { isJsonObject } from '@cardea/schemas/json';
import { memberOf, type Message } from './message.ts';

export type Era = 'legacy' | 'stateless';

export const legacyVersions: ReadonlySet<string> = new Set([
  '2024-11-05',
  '2025-03-26',
  '2025-06-18',
  '2025-11-25',
]);
export const statelessVersions: ReadonlySet<string> = new Set(['2026-07-28']);

/** The last revision in which several messages may come in one array. */
export const batchVersion = '2025-03-26';

export const versionKey = 'io.modelcontextprotocol/protocolVersion';
export const subscriptionKey = 'io.modelcontextprotocol/subscriptionId';

/**
 * The revision that a message claims in its own words: the body decides, headers only have to agree. Throws Refusal
 * `invalid_envelope` for a claim that is no text, which readers take for a claim or for none.
 */
export function claimedVersion(message: Message): string | undefined {
  if (message.kind === 'response') return undefined;
  const meta = memberOf(message.params, '_meta');
  const claim = isJsonObject(meta) ? memberOf(meta, versionKey) : undefined;
  if (claim === undefined || typeof claim === 'string') return claim;
  throw new Refusal('invalid_envelope', `params._meta: ${versionKey}: expected a text`);
}
