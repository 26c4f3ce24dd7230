// Requests for verdicts: one (AuthZEN 1.0, 6), or many that share defaults (7).
import { z } from 'zod';
import { actionSchema, entitySchema, nameSchema, openObjectSchema } from './fields.ts';

const optionalParts = {
  context: openObjectSchema.optional(),
  /** Pins the bundle: another one denies with `bundle_changed`. */
  bundle: nameSchema.optional(),
};

export const evaluationSchema = z.object({
  subject: entitySchema,
  action: actionSchema,
  resource: entitySchema,
  ...optionalParts,
});

export type WireEvaluation = z.infer<typeof evaluationSchema>;

export const evaluationsSemantics = ['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'] as const;

/**
 * The whole of a batch. Its elements are read one by one, each laid over the defaults key by key: a fault in one of
 * them is that element's denial, not a refusal of the batch.
 */
export const evaluationsSchema = z.object({
  subject: entitySchema.optional(),
  action: actionSchema.optional(),
  resource: entitySchema.optional(),
  ...optionalParts,
  evaluations: z.array(z.unknown()),
  options: z.object({ evaluations_semantic: z.enum(evaluationsSemantics).optional() }).optional(),
});

export type WireEvaluations = z.infer<typeof evaluationsSchema>;

export const evaluationFields = ['subject', 'action', 'resource', 'context', 'bundle'] as const;
