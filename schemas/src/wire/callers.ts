// Who may ask, as an operator writes it down: the callers file. Tokens stand in it only as digests.
import { z } from 'zod';
import { digestSchema, nameSchema, openObjectSchema } from './fields.ts';

/** Of one file: every lookup compares with all of them. */
export const callersMax = 1_024;

const credentials = {
  /** Callers of one name share what one caller may ask for at once and in a second. */
  name: nameSchema,
  /** SHA-256 of the bearer token. */
  tokenSha256: digestSchema.optional(),
  /** SHA-256 of the client certificate in DER: its fingerprint, in lower case and without colons. */
  certificateSha256: digestSchema.optional(),
  /** Whoever connects to the service's unix socket is this caller. */
  socket: z.boolean().optional(),
};

/** States facts about calls, for its own servers. */
const proxySchema = z.strictObject({
  ...credentials,
  class: z.literal('proxy'),
  servers: z.array(nameSchema),
});

/** Asks about the listed subjects, whose properties are those listed; states no grants, approvals or usage. */
const clientSchema = z.strictObject({
  ...credentials,
  class: z.literal('client'),
  subjects: z.array(
    z.strictObject({ type: nameSchema, id: nameSchema, properties: openObjectSchema.optional() }),
  ),
});

/** Writes policies: asks anything a proxy may, about any server, and has verdicts explained. */
const authorSchema = z.strictObject({ ...credentials, class: z.literal('author') });

export const callerSchema = z
  .discriminatedUnion('class', [proxySchema, clientSchema, authorSchema])
  .refine((caller) => caller.tokenSha256 ?? caller.certificateSha256 ?? caller.socket, {
    message: 'a caller needs a tokenSha256, a certificateSha256 or the socket',
  });

export type WireCaller = z.infer<typeof callerSchema>;
export type CallerClass = WireCaller['class'];

/** Who comes with a credential has to be one caller. */
export const callersSchema = z.strictObject({
  callers: z.array(callerSchema).max(callersMax).superRefine(refuseShared),
});

const credentialNames = ['tokenSha256', 'certificateSha256', 'socket'] as const;

function refuseShared(callers: readonly WireCaller[], context: z.core.$RefinementCtx): void {
  const seen = new Set<string>();
  for (const [index, caller] of callers.entries()) {
    for (const name of credentialNames) {
      const credential = caller[name];
      if (credential === undefined || credential === false) continue;
      const key = `${name} ${credential}`;
      if (seen.has(key))
        context.addIssue({
          code: 'custom',
          path: [index, name],
          message: 'another caller has the same',
        });
      seen.add(key);
    }
  }
}
