// What can be said of a request before its body is read: is it one that a browser was tricked into, and can its body
// be only what was judged?
import type { IncomingMessage } from 'node:http';
import { Refusal } from '@cardea/schemas/codes';

export interface AdmitOptions {
  /** Host names, with a port where one is given; `undefined` port takes any. */
  readonly allowedHosts: ReadonlySet<string>;
  /** Origins as browsers write them. A request without one does not come from a page. */
  readonly allowedOrigins: ReadonlySet<string>;
}

/** Headers of which a second one is an attack: readers differ in which they take. */
const singular = new Set([
  'authorization',
  'content-length',
  'content-type',
  'content-encoding',
  'host',
  'last-event-id',
  'mcp-method',
  'mcp-name',
  'mcp-protocol-version',
  'mcp-session-id',
  'origin',
  'transfer-encoding',
]);

/** Throws Refusal. */
export function admitRequest(request: IncomingMessage, options: AdmitOptions): void {
  requireSingular(request.rawHeaders);
  const { host, origin } = request.headers;
  if (host === undefined || !isAllowedHost(host, options.allowedHosts)) {
    throw new Refusal('foreign_origin', 'the Host of this request is not one that the proxy serves');
  }
  if (origin !== undefined && !options.allowedOrigins.has(origin) && !isOwnOrigin(origin, host)) {
    throw new Refusal('foreign_origin', 'pages of this origin may not use the proxy');
  }
}

/** Throws Refusal `unsupported_media_type` unless the body is JSON as it stands. */
export function requireJsonBody({ headers }: IncomingMessage): void {
  const [essence = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';');
  const isUtf8 = parameters.every((parameter) => /^(charset=("utf-8"|utf-8))?$/.test(parameter.trim()));
  const isPlain = (headers['content-encoding'] ?? 'identity').toLowerCase() === 'identity';
  const isUncoded = (headers['transfer-encoding'] ?? 'chunked').toLowerCase() === 'chunked';
  if (essence.trim() === 'application/json' && isUtf8 && isPlain && isUncoded) return;
  throw new Refusal(
    'unsupported_media_type',
    'the body has to be application/json in UTF-8, without a coding',
  );
}

function requireSingular(rawHeaders: readonly string[]): void {
  const seen = new Set<string>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] as string).toLowerCase();
    if (!singular.has(name)) continue;
    if (seen.has(name)) throw new Refusal('invalid_request', `the header ${name} came twice`);
    seen.add(name);
  }
}

/** The port is the connection's own affair: a rebound name gives itself away by the name. */
function isAllowedHost(host: string, allowed: ReadonlySet<string>): boolean {
  const lower = host.toLowerCase();
  return allowed.has(lower) || allowed.has(lower.replace(/:\d{1,5}$/, ''));
}

/** Pages of this machine may use a proxy on this machine, whatever port they come from. */
function isOwnOrigin(origin: string, host: string): boolean {
  if (origin === `http://${host}` || origin === `https://${host}`) return true;
  return loopback.test(host) && loopback.test(origin.replace(/^https?:\/\//, ''));
}

const loopback = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;
