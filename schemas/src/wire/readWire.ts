// The one way from a strictly parsed document to a typed message.
import type { z } from 'zod';
import { Refusal } from '../codes/index.ts';

const messageCharactersMax = 200;

/**
 * Throws Refusal `invalid_request`, which names the first field at fault, below `place` where one is given. Never a
 * value: it may be a secret.
 */
export function readWire<T>(schema: z.ZodType<T>, value: unknown, place?: string): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const path = [...(place === undefined ? [] : [place]), ...(issue?.path ?? []).map(String)].join('.');
  const message = (issue?.message ?? 'not as declared').replace('Invalid input: ', '');
  throw new Refusal(
    'invalid_request',
    `${path || 'the document'}: ${message}`.slice(0, messageCharactersMax),
  );
}
