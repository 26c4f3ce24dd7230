// Identity providers whose tokens a proxy takes, as its operator names them in pep.json: who issues, with which
// algorithms, for which servers, and what the claims of a token mean.
import { z } from 'zod';
import { effects, isServerId } from '../cedar/index.ts';
import { nameSchema, openObjectSchema } from './fields.ts';

/** Of one proxy: each has keys that are fetched. */
const issuersMax = 16;
const namesMax = 100;
const claimDepthMax = 8;
const skewSecondsMax = 60;

/** Asymmetric alone: a proxy holds no secret of a provider. */
export const tokenAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;

/** RFC 8414, 2: https. On this machine, where there is nobody on the way, http will do. */
const providerUrlSchema = z
  .string()
  .refine(isProviderUrl, 'expected an https URL without credentials, query and fragment');

const serverSchema = z.string().refine(isServerId, 'expected the id of a server');

/** The name of a claim, or the names on the way to one. */
const claimSchema = z.union([nameSchema, z.array(nameSchema).min(1).max(claimDepthMax)]);

// z.record drops this key without a word.
const tableSchema = openObjectSchema.refine((table) => !Object.hasOwn(table, '__proto__'), 'not a name');

const audiencesSchema = tableSchema.pipe(z.record(serverSchema, z.array(nameSchema).min(1).max(namesMax)));

const tagsSchema = tableSchema.pipe(z.record(nameSchema, claimSchema));

export const issuerSchema = z.strictObject({
  /** As tokens spell it. */
  issuer: providerUrlSchema,
  /** As the provider's own metadata says, if absent. */
  jwksUrl: providerUrlSchema.optional(),
  algorithms: z.array(z.enum(tokenAlgorithms)).min(1).optional(),
  /** By server; the URL of a server that is not named is its audience. */
  audiences: audiencesSchema.optional(),
  claims: z
    .strictObject({
      person: claimSchema.optional(),
      groups: claimSchema.optional(),
      agent: claimSchema.optional(),
      tags: tagsSchema.optional(),
    })
    .optional(),
  /** Before the names of its people, groups and agents: two providers may use one name for two people. */
  prefix: z.string().max(64).optional(),
  /** What tokens may do; everything that the policies let their people do, if absent. */
  scopes: z
    .array(
      z.strictObject({
        // RFC 6749, 3.3.
        scope: z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/, 'expected one scope'),
        /** All of them, if absent. */
        servers: z.array(serverSchema).min(1).max(namesMax).optional(),
        effects: z.array(z.enum(effects)).min(1),
      }),
    )
    .min(1)
    .max(namesMax)
    .optional(),
  clockSkewSeconds: z.int().min(0).max(skewSecondsMax).optional(),
});

export const issuersSchema = z.array(issuerSchema).min(1).max(issuersMax);

export type WireIssuer = z.infer<typeof issuerSchema>;

const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

function isProviderUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || /[?#\s]/.test(text) || url.username + url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback.has(url.hostname));
}
