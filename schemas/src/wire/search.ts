// Searches for subjects, resources and actions (AuthZEN 1.0, 8). What is searched for has a type and no id; an id that
// is there all the same is ignored.
import { z } from 'zod';
import { actionSchema, entitySchema, nameSchema, openObjectSchema } from './fields.ts';

const soughtSchema = entitySchema.omit({ id: true });

const searchParts = {
  context: openObjectSchema.optional(),
  page: z
    .object({
      /** Empty means the first page, as the last page's `next_token` is empty. */
      token: z.string().optional(),
      limit: z.int().min(0).optional(),
    })
    .optional(),
};

export const subjectSearchSchema = z.object({
  subject: soughtSchema,
  action: actionSchema,
  resource: entitySchema,
  ...searchParts,
});

export const resourceSearchSchema = z.object({
  subject: entitySchema,
  action: actionSchema,
  resource: soughtSchema,
  ...searchParts,
});

export const actionSearchSchema = z.object({ subject: entitySchema, resource: entitySchema, ...searchParts });

export type WireSubjectSearch = z.infer<typeof subjectSearchSchema>;
export type WireResourceSearch = z.infer<typeof resourceSearchSchema>;
export type WireActionSearch = z.infer<typeof actionSearchSchema>;

const pageSchema = z.object({
  /** Empty on the last page. */
  next_token: z.string(),
  count: z.int(),
});

const foundEntitySchema = z.object({ type: nameSchema, id: nameSchema });
const foundActionSchema = z.object({ name: nameSchema });

export const searchAnswerSchema = z.object({
  page: pageSchema,
  results: z.union([z.array(foundEntitySchema), z.array(foundActionSchema)]),
});

export type WireSearchAnswer = z.infer<typeof searchAnswerSchema>;
