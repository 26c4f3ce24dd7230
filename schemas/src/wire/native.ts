// What the decision service offers beyond AuthZEN: what a verdict reads, what a list may show, and why.
import { z } from 'zod';
import { decisionSchema } from './decision.ts';
import { actionSchema, entitySchema, nameSchema, openObjectSchema } from './fields.ts';

export const dependsSchema = z.object({
  subject: entitySchema,
  action: actionSchema,
  resource: entitySchema,
  /** Only the agent in it counts. */
  context: openObjectSchema.optional(),
});

export type WireDepends = z.infer<typeof dependsSchema>;

export const dependsAnswerSchema = z.object({
  bundle: nameSchema,
  dependsOn: z.array(z.string()),
  /** The families of facts among them: those to state when asking. */
  families: z.array(nameSchema),
});

export type WireDependsAnswer = z.infer<typeof dependsAnswerSchema>;

const nameOnlySchema = z.object({ type: nameSchema, id: nameSchema });

export const discoverSchema = z.object({
  subject: entitySchema,
  context: openObjectSchema.optional(),
  /** Either these, or everything of one server. */
  resources: z.array(nameOnlySchema).optional(),
  server: nameSchema.optional(),
});

export type WireDiscover = z.infer<typeof discoverSchema>;

export const discoverAnswerSchema = z.object({ bundle: nameSchema, visible: z.array(nameOnlySchema) });

export type WireDiscoverAnswer = z.infer<typeof discoverAnswerSchema>;

const clauseSchema = z.object({
  kind: z.enum(['when', 'unless']),
  text: z.string(),
  outcome: z.enum(['holds', 'fails', 'errors']),
  error: z.string().optional(),
});

export const explainAnswerSchema = decisionSchema.extend({
  policies: z.array(
    z.object({
      policy: nameSchema,
      effect: z.enum(['permit', 'forbid']),
      hold: z.string().optional(),
      message: z.string().optional(),
      outcome: z.enum(['satisfied', 'not_satisfied', 'errored', 'out_of_scope']),
      scope: z.array(z.string()),
      clauses: z.array(clauseSchema),
    }),
  ),
});

export type WireExplainAnswer = z.infer<typeof explainAnswerSchema>;
