// A server that the proxy starts itself, as pep.json says it: a command instead of an address.
import { z } from 'zod';
import { nameSchema } from './fields.ts';

const wordsMax = 256;
const variablesMax = 256;
const sessionsMaxMax = 4_096;
const restartsMax = 100;
const userMax = 4_294_967_294;
const idleMsMax = 86_400_000;

const noNul = /^[^\0]*$/;
const wordSchema = z.string().max(8_192).regex(noNul, 'expected a text without NUL');
const variablePattern = /^[A-Za-z_][A-Za-z0-9_]*$/;
const variableSchema = z.string().regex(variablePattern, 'expected the name of a variable');
const userSchema = z.int().min(1).max(userMax);

const environmentSchema = z.strictObject({
  /** Variables of the proxy that the server gets. */
  allow: z.array(variableSchema).max(variablesMax).optional(),
  /** Where the values of others are: `env:NAME` or `file:PATH`. */
  set: z
    .record(
      variableSchema,
      z.string().regex(/^(?:env:[A-Za-z_][A-Za-z0-9_]*|file:[^\0]+)$/, 'expected env:NAME or file:PATH'),
    )
    .refine((set) => Object.keys(set).length <= variablesMax, `expected at most ${variablesMax} variables`)
    .optional(),
});

export const stdioFields = {
  /** A program and its arguments: no shell reads them. */
  command: z
    .array(wordSchema)
    .min(1)
    .max(wordsMax)
    .refine(([program]) => program !== '', 'expected a program')
    .optional(),
  cwd: nameSchema.optional(),
  env: environmentSchema.optional(),
  uid: userSchema.optional(),
  gid: userSchema.optional(),
  sharing: z.enum(['session', 'shared']).optional(),
  sessionsMax: z.int().min(1).max(sessionsMaxMax).optional(),
  /** In a row, of processes that were of no use. */
  restarts: z.int().min(1).max(restartsMax).optional(),
  idleMs: z.int().min(1_000).max(idleMsMax).optional(),
} as const;

interface Fields {
  readonly upstream?: unknown;
  readonly command?: unknown;
  readonly credential?: unknown;
}

/** Either an address or a command, and nothing that is the other's. */
export function requireOneWay(server: Fields, context: z.RefinementCtx): void {
  const refuse = (path: string[], message: string): void => {
    context.addIssue({ code: 'custom', path, message });
  };
  if ((server.upstream === undefined) === (server.command === undefined))
    refuse([], 'expected either an upstream or a command');
  else if (server.command !== undefined && server.credential !== undefined)
    refuse(['credential'], 'a command gets its credentials in its environment: env.set');
  else if (server.command === undefined) {
    const stray = Object.keys(stdioFields).find((name) => Object.hasOwn(server, name));
    if (stray !== undefined) refuse([stray], 'only a server that is a command has this');
  }
}
