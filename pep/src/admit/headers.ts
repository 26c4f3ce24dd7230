// Headers that say again what the body says. The body is judged; a header that disagrees with it is refused, since
// servers and whatever stands before them may act on either.
import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from '@cardea/schemas/codes';
import { quoteExcerpt, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import { batchVersion, claimedVersion, legacyVersions, statelessVersions, type Era } from './era.ts';
import { memberOf, type Message } from './message.ts';

/** Which member of the parameters `Mcp-Name` repeats. */
const nameSources: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
}) as Record<string, string>;

export interface Claims {
  readonly era: Era;
  /** As claimed by the body, else by the header. */
  readonly version: string | undefined;
}

/** Throws Refusal where body and headers disagree, and for revisions that nobody here knows. */
export function reconcile(message: Message, headers: IncomingHttpHeaders): Claims {
  const claims = classify(message, readSingle(headers, 'mcp-protocol-version'));
  if (message.kind === 'response') return claims;
  const isStateless = claims.era === 'stateless';
  const isComplete = isStateless && message.kind === 'request';
  requireAgreement(headers, 'mcp-method', message.method, isComplete);
  const source = nameSources[message.method];
  if (source === undefined) return claims;
  const named = memberOf(message.params, source);
  requireAgreement(headers, 'mcp-name', named, isComplete && typeof named === 'string');
  return claims;
}

/** Arrays belong to one revision, which knows no claims. */
export function reconcileBatch(messages: readonly Message[], headers: IncomingHttpHeaders): Claims {
  const version = readSingle(headers, 'mcp-protocol-version');
  const isClaimed = messages.some((message) => claimedVersion(message) !== undefined);
  if (isClaimed || (version !== undefined && version !== batchVersion)) {
    throw new Refusal('batch_refused', 'this revision has no arrays of messages');
  }
  for (const name of ['mcp-method', 'mcp-name']) {
    if (headers[name] !== undefined)
      throw new Refusal('header_mismatch', `${name} names one message of many`);
  }
  return { era: 'legacy', version };
}

function classify(message: Message, header: string | undefined): Claims {
  const claim = claimedVersion(message);
  const names = header !== undefined && statelessVersions.has(header);
  if (claim === undefined) {
    if (names && message.kind === 'request') refuseUnclaimed(message.method, header);
    if (header !== undefined && !names && !legacyVersions.has(header)) refuseVersion(header);
    return { era: names ? 'stateless' : 'legacy', version: header };
  }
  if (!statelessVersions.has(claim) && !legacyVersions.has(claim)) refuseVersion(claim);
  if (header !== undefined && header !== claim) {
    throw new Refusal(
      'header_mismatch',
      `mcp-protocol-version is ${quoteExcerpt(header)}, the body says another`,
    );
  }
  if (statelessVersions.has(claim) && header === undefined && message.kind === 'request') {
    throw new Refusal('header_mismatch', 'the header mcp-protocol-version is missing');
  }
  return { era: statelessVersions.has(claim) ? 'stateless' : 'legacy', version: claim };
}

function refuseUnclaimed(method: string, header: string): never {
  if (method === 'initialize') {
    throw new Refusal(
      'header_mismatch',
      `initialize is not part of the revision ${header} that the header names`,
    );
  }
  throw new Refusal('invalid_envelope', 'params._meta does not claim the revision that the header names');
}

function refuseVersion(version: string): never {
  throw new Refusal('unsupported_protocol', `the revision ${quoteExcerpt(version)} is not known here`);
}

function requireAgreement(
  headers: IncomingHttpHeaders,
  name: string,
  wanted: JsonValue | undefined,
  isRequired: boolean,
): void {
  const header = readSingle(headers, name);
  if (header === undefined) {
    if (isRequired) throw new Refusal('header_mismatch', `the header ${name} is missing`);
    return;
  }
  if (decodeHeader(header, name) !== wanted) {
    throw new Refusal('header_mismatch', `the header ${name} names something else than the body`);
  }
}

/** `=?base64?...?=` carries what a header cannot: anything but printable ASCII. */
export function decodeHeader(value: string, name: string): string {
  if (!value.startsWith('=?base64?')) return value;
  const encoded = value.endsWith('?=') ? value.slice('=?base64?'.length, -'?='.length) : '';
  const bytes = Buffer.from(encoded, 'base64');
  const isExact = bytes.toString('base64') === encoded;
  try {
    if (isExact) return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // Refused below, as any other encoding.
  }
  throw new Refusal('header_mismatch', `the header ${name} is not encoded as the revision says`);
}

/** Repeated headers arrive joined, and are then none of what they should be. */
function readSingle(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value.trim() : undefined;
}

/** What a tool's schema wants repeated in headers of its own: `x-mcp-header` at a property. */
export interface MirroredArgument {
  readonly path: readonly string[];
  readonly header: string;
}

/** Throws Refusal `header_mismatch` unless each is there and says what the arguments say. */
export function requireMirrored(
  mirrored: readonly MirroredArgument[],
  args: JsonObject,
  headers: IncomingHttpHeaders,
): void {
  for (const { path, header } of mirrored) {
    const name = `mcp-param-${header.toLowerCase()}`;
    const value = path.reduce<JsonValue | undefined>(
      (at, key) =>
        at !== undefined && at !== null && typeof at === 'object' && !Array.isArray(at)
          ? memberOf(at as JsonObject, key)
          : undefined,
      args,
    );
    const isPrimitive = ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
    if (!isPrimitive) continue;
    const sent = readSingle(headers, name);
    if (sent === undefined) throw new Refusal('header_mismatch', `the header ${name} is missing`);
    if (!saysTheSame(decodeHeader(sent, name), value as string | number | bigint | boolean)) {
      throw new Refusal('header_mismatch', `the header ${name} says something else than the arguments`);
    }
  }
}

/** Numbers count by their value: 42.0 is 42. */
function saysTheSame(text: string, value: string | number | bigint | boolean): boolean {
  if (text === String(value)) return true;
  return typeof value === 'number' && /^-?\d+(\.\d+)?$/.test(text) && Number(text) === value;
}
