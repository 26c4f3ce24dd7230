// Where the Redis is that proxies share, and what they share in it, as pep.json says it.
import { z } from 'zod';
import { nameSchema } from './fields.ts';

/** Servers and sentinels to begin with: the rest they tell. */
const nodesMax = 64;
const rootKeysMax = 8;

/** A name, an address, or an IPv6 address in brackets, and a port. */
const nodePattern = /^(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):(?:[1-9][0-9]{0,4})$/;

const nodeSchema = z
  .string()
  .regex(nodePattern, 'expected HOST:PORT')
  .refine((text) => Number(text.slice(text.lastIndexOf(':') + 1)) <= 65_535, 'expected HOST:PORT');
const nodesSchema = z.array(nodeSchema).min(1).max(nodesMax);

/** Secrets are never in a configuration: it says where they are. */
const secretPlaceSchema = z
  .string()
  .regex(/^(?:env:[A-Za-z_][A-Za-z0-9_]*|file:[^\0]+)$/, 'expected env:NAME or file:PATH');

const places = ['node', 'unixSocket', 'sentinels', 'cluster'] as const;

export const redisSchema = z
  .strictObject({
    /** One server. */
    node: nodeSchema.optional(),
    /** One server on this machine: a third faster than over TCP, and out of everybody else's reach. */
    unixSocket: nameSchema.optional(),
    sentinels: nodesSchema.optional(),
    /** What the sentinels call the server that they watch. */
    sentinelName: nameSchema.optional(),
    cluster: nodesSchema.optional(),
    username: nameSchema.optional(),
    password: secretPlaceSchema.optional(),
    sentinelPassword: secretPlaceSchema.optional(),
    database: z.int().min(0).max(65_535).optional(),
    /** Present: TLS, with the certificates checked. */
    tls: z.strictObject({ ca: nameSchema.optional(), serverName: nameSchema.optional() }).optional(),
    /** In front of every key. */
    keyPrefix: z
      .string()
      .regex(/^[\x21-\x7e]{1,64}$/, 'expected printable ASCII without blanks')
      .optional(),
  })
  .refine((redis) => places.filter((place) => redis[place] !== undefined).length === 1, {
    message: 'expected one of node, unixSocket, sentinels and cluster',
  })
  .refine(({ sentinels, sentinelName }) => (sentinels === undefined) === (sentinelName === undefined), {
    message: 'sentinels and sentinelName go together',
  })
  .refine(({ sentinels, sentinelPassword }) => sentinels !== undefined || sentinelPassword === undefined, {
    message: 'a sentinelPassword is for sentinels',
  })
  .refine(({ cluster, database }) => cluster === undefined || database === undefined, {
    message: 'a cluster has one database',
  })
  .refine(({ username, password }) => username === undefined || password !== undefined, {
    message: 'a username needs a password',
  });

export type WireRedis = z.infer<typeof redisSchema>;

export const sharedCacheSchema = z.strictObject({
  /** Root keys, the same for all proxies that share: the first one writes, all of them read. */
  keys: z.array(secretPlaceSchema).min(1).max(rootKeysMax),
});
