// Whether a server says the credential that the proxy has for it: as it stands, or in the escapes of JSON. Errors that repeat
// the headers of a request do.
import { isJsonObject, type JsonValue } from '@cardea/schemas/json';
import type { Secret } from '../../config/secret.ts';

const backslash = 0x5c;

/** `value` is what the bytes say. */
export function quotesSecret(bytes: Buffer, value: JsonValue, secret: Secret | undefined): boolean {
  if (secret === undefined) return false;
  return secret.isQuotedIn(bytes) || (bytes.includes(backslash) && holds(value, secret));
}

function holds(value: JsonValue, secret: Secret): boolean {
  if (typeof value === 'string') return secret.isQuotedIn(value);
  if (Array.isArray(value)) return (value as readonly JsonValue[]).some((element) => holds(element, secret));
  if (!isJsonObject(value)) return false;
  return Object.entries(value).some(([key, member]) => secret.isQuotedIn(key) || holds(member, secret));
}
