// How long sessions last, and with which keys proxies seal them for one another, as pep.json says it.
import { z } from 'zod';

const keysMax = 8;
const dayMinutes = 24 * 60;
const yearHours = 365 * 24;

const keySchema = z.strictObject({
  /** Tells the keys apart, and stands in nothing that is sealed. */
  id: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'expected letters, digits, dots and dashes'),
  /** Where the secret is: `env:NAME` or `file:PATH`. */
  value: z.string().regex(/^(?:env:[A-Za-z_][A-Za-z0-9_]*|file:[^\0]+)$/, 'expected env:NAME or file:PATH'),
});

export const sessionsSchema = z.strictObject({
  /** The first one seals, every one of them opens. */
  keys: z
    .array(keySchema)
    .min(1)
    .max(keysMax)
    .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, 'two keys have the same id')
    .optional(),
  maxAgeHours: z.int().min(1).max(yearHours).optional(),
  idleMinutes: z
    .int()
    .min(1)
    .max(365 * dayMinutes)
    .optional(),
  pauseMinutes: z
    .int()
    .min(1)
    .max(365 * dayMinutes)
    .optional(),
  perIdentityMax: z.int().min(1).max(65_536).optional(),
});

export type WireSessions = z.infer<typeof sessionsSchema>;
