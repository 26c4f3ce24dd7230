// Answers to requests for verdicts. A denial is an answer like any other: HTTP 200 with `decision: false`.
import { z } from 'zod';
import { codes, type Code } from '../codes/index.ts';
import { nameSchema } from './fields.ts';

export const codeSchema = z.enum(Object.keys(codes) as [Code, ...Code[]]);

export const reasonSchema = z.object({
  policy: nameSchema,
  effect: z.enum(['permit', 'forbid']),
  message: z.string().optional(),
});

export const decisionSchema = z.object({
  decision: z.boolean(),
  context: z.object({
    /** `needs`: policies read families of facts that the request did not state. Never relayed, never cached. */
    verdict: z.enum(['allow', 'deny', 'hold', 'needs']),
    code: codeSchema,
    message: z.string(),
    /** Sorted by policy. */
    reasons: z.array(reasonSchema),
    /** The bundle that the verdict was computed with. */
    bundle: nameSchema,
    /** The context paths that any verdict for this tuple can read, as sorted JSON Pointers. */
    dependsOn: z.array(z.string()),
    /** The families to state, sorted. */
    needs: z.array(nameSchema).optional(),
    /** The groups of which one member each has to approve, sorted. */
    approvers: z.array(nameSchema).optional(),
    /** Until when the verdict may be cached, RFC 3339. Absent: not at all. */
    expires: z.iso.datetime().optional(),
    /** Names this answer in logs and records. Random: not a part of the verdict. */
    decisionId: nameSchema,
  }),
});

export type WireDecision = z.infer<typeof decisionSchema>;

export const decisionsSchema = z.object({ evaluations: z.array(decisionSchema) });

export type WireDecisions = z.infer<typeof decisionsSchema>;

/** Every refusal, whatever the endpoint. */
export const errorSchema = z.object({
  error: z.object({ code: codeSchema, message: z.string(), requestId: nameSchema }),
});

export type WireError = z.infer<typeof errorSchema>;
