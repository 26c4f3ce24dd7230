// The configuration of a proxy, as its operator writes it: pep.json. Secrets are never in it: it says where they are.
import { z } from 'zod';
import { isServerId } from '../cedar/index.ts';
import { nameSchema } from './fields.ts';
import { sessionsSchema } from './sessions.ts';
import { requireOneWay, stdioFields } from './stdioServer.ts';
import { redisSchema, sharedCacheSchema } from './redis.ts';
import { issuersSchema } from './issuers.ts';

export const serversMax = 1_000;

const dialRangesMax = 256;

const portSchema = z.int().min(0).max(65_535);
const millisecondsSchema = z.int().min(1).max(86_400_000);
const urlSchema = z
  .string()
  .refine(isPlainUrl, 'expected an http or https URL without credentials and fragment');
const originSchema = z
  .string()
  .refine(isOrigin, 'expected an origin: http or https, a host and perhaps a port');

/** RFC 9110, 5.6.2. */
const headerNamePattern = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;

/** What the proxy itself says to servers: a credential under such a name would make another message of it. */
const ownHeaders =
  /^(?:host|connection|content-.*|transfer-encoding|te|trailer|upgrade|keep-alive|expect|accept|mcp-.*|last-event-id)$/i;

const credentialSchema = z.strictObject({
  header: z
    .string()
    .regex(headerNamePattern, 'expected the name of a header')
    .refine((name) => !ownHeaders.test(name), 'this header is not one for credentials'),
  /** Before the secret: `Bearer `. */
  prefix: z
    .string()
    .regex(/^[\x20-\x7e]{0,64}$/, 'expected printable ASCII')
    .optional(),
  /** Where the secret is: `env:NAME` or `file:PATH`. */
  value: z.string().regex(/^(?:env:[A-Za-z_][A-Za-z0-9_]*|file:[^\0]+)$/, 'expected env:NAME or file:PATH'),
});

const serverSchema = z
  .strictObject({
    id: z.string().refine(isServerId, 'expected the id of a server'),
    upstream: urlSchema.optional(),
    ...stdioFields,
    credential: credentialSchema.optional(),
    timeouts: z
      .strictObject({ connectMs: millisecondsSchema.optional(), answerMs: millisecondsSchema.optional() })
      .optional(),
  })
  .superRefine(requireOneWay);

export const proxyConfigSchema = z.strictObject({
  listen: z.strictObject({ host: nameSchema.optional(), port: portSchema.optional() }).optional(),
  /** Host names that clients use, with a port where it matters. */
  allowedHosts: z.array(nameSchema).max(serversMax).optional(),
  /** Origins of pages that may use the proxy, as browsers write them. */
  allowedOrigins: z.array(originSchema).max(serversMax).optional(),
  decision: z
    .strictObject({
      url: originSchema.optional(),
      unixSocket: nameSchema.optional(),
      tokenFile: nameSchema.optional(),
    })
    .refine(({ url, unixSocket }) => (url === undefined) !== (unixSocket === undefined), {
      message: 'expected either a url or a unixSocket',
    })
    .refine(({ url, tokenFile }) => url === undefined || tokenFile !== undefined, {
      message: 'a url needs a tokenFile',
    }),
  servers: z.array(serverSchema).min(1).max(serversMax),
  /** What proxies share stands in it. */
  redis: redisSchema.optional(),
  sharedCache: sharedCacheSchema.optional(),
  /** Where usage is counted: in Redis if there is one; in the process only where it is the only proxy. */
  usage: z.enum(['process', 'redis']).optional(),
  /** By which clients reach the proxy: what tokens of providers are issued for. */
  publicUrl: originSchema.optional(),
  /** Whose tokens are taken beside grants. */
  issuers: issuersSchema.optional(),
  sessions: sessionsSchema.optional(),
  /** Ranges of addresses that names may lead to beside those that are public; read by whoever dials out. */
  dial: z.strictObject({ allow: z.array(nameSchema).max(dialRangesMax).optional() }).optional(),
  /** By the names of the reference; read by whoever has the limits. */
  limits: z.record(nameSchema, z.int().min(1)).optional(),
});

export type WireProxyConfig = z.infer<typeof proxyConfigSchema>;
export type WireCredential = z.infer<typeof credentialSchema>;

function isPlainUrl(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null &&
    ['http:', 'https:'].includes(url.protocol) &&
    url.username + url.password + url.hash === '' &&
    !text.includes('#')
  );
}

function isOrigin(text: string): boolean {
  return isPlainUrl(text) && URL.parse(text)?.origin === text;
}
