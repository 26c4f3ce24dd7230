// Headers that say again what the body says. The body is judged; a header that disagrees with it is refused, since
// servers and whatever stands before them may act on either.
import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from '@cardea/schemas/codes';
import { isJsonObject, quoteExcerpt, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import { batchVersion, claimedVersion, legacyVersions, statelessVersions, type Era } from './era.ts';
import { memberOf, type Message, type RpcNotification, type RpcRequest } from './message.ts';

/** Which member of the parameters `Mcp-Name` repeats. */
const nameSources: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
}) as Record<string, string>;

/** Its sender learns what it asked for, and what there is (MCP 2026-07-28, UnsupportedProtocolVersionError). */
export class UnsupportedProtocol extends Refusal {
  readonly requested: string;

  constructor(requested: string) {
    super('unsupported_protocol', `the revision ${quoteExcerpt(requested)} is not known here`);
    this.requested = requested.slice(0, versionCharactersMax);
  }
}

const versionCharactersMax = 64;

export interface Claims {
  readonly era: Era;
  /** As claimed by the body, else by the header. */
  readonly version: string | undefined;
}

/** Throws Refusal where body and headers disagree, and for revisions that nobody here knows. */
export function reconcile(message: Message, headers: IncomingHttpHeaders): Claims {
  const claims = classify(message, readSingle(headers, 'mcp-protocol-version'));
  const isComplete = claims.era === 'stateless' && message.kind === 'request';
  const method = message.kind === 'response' ? undefined : message.method;
  requireAgreement(headers, 'mcp-method', method, isComplete);
  const named = message.kind === 'response' ? undefined : findNamed(message);
  requireAgreement(headers, 'mcp-name', named, isComplete && typeof named === 'string');
  return claims;
}

/** Undefined for a message that names nothing: a header that does so nevertheless belongs to another message. */
export function findNamed({ method, params }: RpcRequest | RpcNotification): JsonValue | undefined {
  const source = nameSources[method];
  return source === undefined ? undefined : memberOf(params, source);
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
  // MCP 2025-03-26, Initialization: nobody could say in which session the others are.
  if (messages.some((message) => message.kind === 'request' && message.method === 'initialize')) {
    throw new Refusal('batch_refused', 'initialize cannot come in an array of messages');
  }
  return { era: 'legacy', version };
}

/** For what comes without a message: nothing is said of one, in a revision that has such requests. Throws Refusal. */
export function reconcileNone(headers: IncomingHttpHeaders): void {
  const version = readSingle(headers, 'mcp-protocol-version');
  if (version !== undefined && statelessVersions.has(version)) {
    throw new Refusal('method_not_allowed', 'this revision of MCP has POST alone');
  }
  if (version !== undefined && !legacyVersions.has(version)) refuseVersion(version);
  for (const name of ['mcp-method', 'mcp-name']) requireAgreement(headers, name, undefined, false);
}

function classify(message: Message, header: string | undefined): Claims {
  const claim = claimedVersion(message);
  const names = header !== undefined && statelessVersions.has(header);
  if (claim === undefined) {
    if (names && message.kind === 'request') refuseUnclaimed(message.method, header);
    if (header !== undefined && !names && !legacyVersions.has(header)) refuseVersion(header);
    return { era: names ? 'stateless' : 'legacy', version: header };
  }
  if (header !== undefined && header !== claim) {
    throw new Refusal(
      'header_mismatch',
      `mcp-protocol-version is ${quoteExcerpt(header)}, the body says another`,
    );
  }
  if (!statelessVersions.has(claim) && !legacyVersions.has(claim)) refuseVersion(claim);
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
  throw new UnsupportedProtocol(version);
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

/** `=?base64?...?=` carries what a header cannot: anything but printable ASCII. Throws Refusal `header_mismatch`. */
export function decodeHeader(value: string, name: string): string {
  // What does not have the whole of the form is the text that it is.
  if (!value.startsWith('=?base64?') || !value.endsWith('?=')) return value;
  const [, encoded] = /^=\?base64\?([A-Za-z0-9+/]+={0,2})\?=$/.exec(value) ?? [];
  const bytes = Buffer.from(encoded ?? '', 'base64');
  try {
    if (bytes.toString('base64') === encoded)
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // Refused below, as any other encoding.
  }
  throw new Refusal('header_mismatch', `the header ${name} is not encoded as the revision says`);
}

/** Repeated headers arrive joined, and are then none of what they should be. Readers differ in what lies beyond ASCII. */
function readSingle(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  if (typeof value !== 'string') return undefined;
  if (/^[\x20-\x7e]*$/.test(value)) return value.trim();
  throw new Refusal('header_mismatch', `the header ${name} holds more than printable ASCII`);
}

/** What a tool's schema wants repeated in headers of its own: `x-mcp-header` at a property. */
export interface MirroredArgument {
  readonly path: readonly string[];
  readonly header: string;
}

/**
 * Throws Refusal `header_mismatch` unless each says what the arguments say, and where they say nothing is not there.
 * `isComplete` wants all of them.
 */
export function requireMirrored(
  mirrored: readonly MirroredArgument[],
  args: JsonObject,
  headers: IncomingHttpHeaders,
  isComplete: boolean,
): void {
  for (const { path, header } of mirrored) {
    const name = `mcp-param-${header.toLowerCase()}`;
    const value = valueAt(args, path);
    const sent = readSingle(headers, name);
    if (sent === undefined && (value === undefined || !isComplete)) continue;
    if (sent === undefined) throw new Refusal('header_mismatch', `the header ${name} is missing`);
    if (value === undefined || !saysTheSame(decodeHeader(sent, name), value)) {
      throw new Refusal('header_mismatch', `the header ${name} says something else than the arguments`);
    }
  }
}

type Primitive = string | number | bigint | boolean;

/** Undefined where there is nothing that a header could repeat. */
export function valueAt(args: JsonObject, path: readonly string[]): Primitive | undefined {
  let value: JsonValue | undefined = args;
  for (const key of path) value = isJsonObject(value) ? memberOf(value, key) : undefined;
  return typeof value === 'object' ? undefined : value;
}

/** Numbers count by their value: 42.0 is 42. */
function saysTheSame(text: string, value: Primitive): boolean {
  if (text === String(value)) return true;
  return typeof value === 'number' && /^-?\d+(\.\d+)?$/.test(text) && Number(text) === value;
}
