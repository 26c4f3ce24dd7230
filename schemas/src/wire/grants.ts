// Who may use a proxy, as an operator or a control plane writes it down: the grants file. Each grant binds one person
// to one agent, for some servers or tools and some effects, until it expires. Tokens stand in it only as digests.
import { z } from 'zod';
import { effects, isServerId, reservedKeys } from '../cedar/index.ts';
import { factItemsMax, tagsMax } from './facts.ts';
import { digestSchema, nameSchema, openObjectSchema } from './fields.ts';

/** Of one file. */
export const grantsMax = 10_000;

const nameCharactersMax = 256;
const tagCharactersMax = 1_024;

const idSchema = nameSchema.max(nameCharactersMax);
const idsSchema = z.array(idSchema).max(factItemsMax);
const serverSchema = z.string().refine(isServerId, 'expected the id of a server');
const toolSchema = z
  .string()
  .max(2 * nameCharactersMax)
  .refine(isQualified, 'expected server/tool');

// Not z.record, which drops the key `__proto__` without a word.
const tagsSchema = openObjectSchema.refine((tags) => {
  const entries = Object.entries(tags);
  const isTag = ([name, tag]: [string, unknown]): boolean =>
    !reservedKeys.has(name) &&
    name.length <= nameCharactersMax &&
    typeof tag === 'string' &&
    tag.length <= tagCharactersMax;
  return entries.length <= tagsMax && entries.every(isTag);
}, 'expected texts');

/** Groups are all of them, nested ones included. */
const personSchema = z.strictObject({ id: idSchema, groups: idsSchema, tags: tagsSchema.optional() });

export const grantSchema = z.strictObject({
  id: idSchema,
  /** SHA-256 of the bearer token. */
  tokenSha256: digestSchema,
  person: personSchema,
  /** `owner` is the person who answers for the agent. */
  agent: personSchema.extend({ owner: idSchema.optional() }),
  servers: z.array(serverSchema).max(factItemsMax),
  /** Beside all of those of the servers. */
  tools: z.array(toolSchema).max(factItemsMax),
  effects: z.array(z.enum(effects)).max(factItemsMax),
  /** It stands from then on, and until then. */
  issued: z.iso.datetime(),
  expires: z.iso.datetime(),
  revoked: z.literal(true).optional(),
});

export type WireGrant = z.infer<typeof grantSchema>;

export const grantsSchema = z.strictObject({ grants: z.array(grantSchema).max(grantsMax) });

function isQualified(text: string): boolean {
  const slash = text.indexOf('/');
  return isServerId(text.slice(0, Math.max(slash, 0))) && slash < text.length - 1;
}
