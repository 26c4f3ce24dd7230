// What the decision service says about itself.
import { z } from 'zod';
import { nameSchema } from './fields.ts';

/** AuthZEN 1.0, 9.1: an endpoint that is not named is one that is not there. */
export const metadataSchema = z.object({
  policy_decision_point: z.url(),
  access_evaluation_endpoint: z.url(),
  access_evaluations_endpoint: z.url(),
  search_subject_endpoint: z.url().optional(),
  search_resource_endpoint: z.url(),
  search_action_endpoint: z.url(),
});

export type WireMetadata = z.infer<typeof metadataSchema>;

export const readinessSchema = z.object({
  ready: z.boolean(),
  /** What serves, if anything does. */
  bundle: nameSchema.optional(),
  /** Everything that is not as it should be; a service can be ready all the same. */
  problems: z.array(z.object({ code: nameSchema, message: z.string() })),
});

export type WireReadiness = z.infer<typeof readinessSchema>;

export const bundleSchema = z.object({
  bundle: nameSchema,
  organisation: nameSchema,
  profile: z.enum(['mcp', 'plain']),
  semantics: z.int(),
  engine: z.object({ version: nameSchema, digest: nameSchema }),
  /** How many there are. */
  policies: z.int(),
  /** What `context.usage` has to hold. */
  counters: z.array(
    z.object({
      name: nameSchema,
      key: nameSchema,
      windowSeconds: z.int(),
      sum: z.object({ tools: z.array(nameSchema), argument: nameSchema }).optional(),
    }),
  ),
});

export type WireBundle = z.infer<typeof bundleSchema>;
