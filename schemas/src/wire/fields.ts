// What the messages of the decision API are made of. Unknown fields are ignored (AuthZEN 1.0, 10.1.1): each schema
// keeps only the fields that it names.
import { z } from 'zod';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/index.ts';

/** Identifiers and names: an empty one is as good as missing. */
export const nameSchema = z.string().min(1);

/** An object whose inside belongs to a later reader. It is passed on as it came, without a copy. */
export const openObjectSchema = z.custom<JsonObject>(
  (value) => isJsonObject(value as JsonValue | undefined),
  {
    error: 'expected an object',
  },
);

export const digestSchema = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits');

/** A subject or a resource (AuthZEN 1.0, 5.1 and 5.2). */
export const entitySchema = z.object({
  type: nameSchema,
  id: nameSchema,
  properties: openObjectSchema.optional(),
});

export type WireEntity = z.infer<typeof entitySchema>;

/** AuthZEN 1.0, 5.3. */
export const actionSchema = z.object({
  name: nameSchema,
  properties: openObjectSchema.optional(),
});

export type WireAction = z.infer<typeof actionSchema>;
