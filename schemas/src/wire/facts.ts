// What a caller states about a call beside its arguments, under the MCP mapping: who asks, and the families of the
// context. A misspelt fact would be a missing one, and a forbid could be skipped: so nothing that a policy might need
// to forbid is optional, and the families take no fields but their own.
import { z } from 'zod';
import { nameSchema, openObjectSchema } from './fields.ts';

/** Elements of one list of facts. */
export const factItemsMax = 1_000;

/** Of one person or agent. */
export const tagsMax = 100;

const namesSchema = z.array(nameSchema).max(factItemsMax);
const countSchema = z.int().min(0);
// Not z.record, which drops the key `__proto__` without a word.
const tagsSchema = openObjectSchema
  .refine((tags) => Object.values(tags).every((tag) => typeof tag === 'string'), 'expected texts')
  .refine((tags) => Object.keys(tags).length <= tagsMax, `expected at most ${tagsMax}`);
const countsSchema = openObjectSchema.refine(
  (counts) => Object.values(counts).every((count) => Number.isSafeInteger(count) && (count as number) >= 0),
  'expected counts',
);

/** Of a Person or an Agent. Other properties are ignored, as AuthZEN wants it of the subject. */
export const principalSchema = z.object({
  /** All of them, nested ones included. */
  groups: namesSchema,
  tags: tagsSchema.optional(),
  /** The person who answers for an agent. */
  owner: nameSchema.optional(),
});

export const factSchemas = {
  /** The agent that acts for the subject. AuthZEN's MCP profile states its id alone, as a text. */
  agent: z.strictObject({ ...principalSchema.shape, id: nameSchema }),
  grant: z.strictObject({
    id: nameSchema,
    servers: namesSchema,
    tools: namesSchema,
    effects: namesSchema,
    expires: nameSchema,
  }),
  session: z.strictObject({
    id: nameSchema,
    ageHours: countSchema,
    ageSeconds: countSchema,
    idleSeconds: countSchema,
  }),
  request: z.strictObject({
    time: nameSchema,
    address: nameSchema,
    client: z.string(),
    protocol: z.string(),
  }),
  /** One count for each counter of the bundle, this call included. */
  usage: countsSchema,
  findings: z.strictObject({ secrets: namesSchema, personal: namesSchema, injection: namesSchema }),
  /** The hold policies that were shown to whoever approved this very call, and who that was. */
  approvals: z.strictObject({ policies: namesSchema, people: namesSchema }),
} as const;

export type WireFacts = {
  readonly [Family in keyof typeof factSchemas]: z.infer<(typeof factSchemas)[Family]>;
};
