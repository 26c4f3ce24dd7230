// Cuts a Cedar file into its policies without parsing them, so that each can be vetted, named and reported at its own
// place. Cedar's own splitter returns them sorted by generated id ("policy10" before "policy2") and without positions.
import { nestingMax, type PolicyProblem } from './policyProblem.ts';

export interface PolicySource {
  /** The policy with its annotations, without surrounding blanks and comments. */
  readonly text: string;
  readonly file: string;
  /** Where `text` starts in the file, in UTF-16 code units. */
  readonly start: number;
}

export type SplitResult =
  | { readonly kind: 'split'; readonly policies: readonly PolicySource[] }
  | { readonly kind: 'problem'; readonly problem: PolicyProblem };

// As in Cedar's grammar a comment ends at a carriage return too: what stands behind one is policy, not comment.
const tokens = /\/\/[^\n\r]*|"(?:[^"\\]|\\[^])*"|"|[()[\]{};]|[^\s"()[\]{};/]+|\//g;

export interface Token {
  readonly token: string;
  readonly index: number;
}

/** Words, brackets and texts, without comments. A lone quote is a text that is never closed. */
export function* tokensOf(text: string): Generator<Token, void> {
  for (const { 0: token, index } of text.matchAll(tokens))
    if (!token.startsWith('//')) yield { token, index };
}

/** Splits at semicolons outside strings and comments; refuses nesting that would kill the engine. */
export function splitPolicies(text: string, file: string): SplitResult {
  const policies: PolicySource[] = [];
  let start = -1;
  let nesting = 0;
  const fail = (code: PolicyProblem['code'], message: string, at: number): SplitResult => ({
    kind: 'problem',
    problem: { code, message, file, start: at, end: at + 1 },
  });
  for (const { token, index } of tokensOf(text)) {
    if (start < 0) start = index;
    if (token === '"') return fail('policy_syntax', 'this text is never closed', index);
    if (token === '(' || token === '[' || token === '{') nesting += 1;
    if (token === ')' || token === ']' || token === '}') nesting -= 1;
    if (nesting > nestingMax) return fail('policy_too_deep', `nested deeper than ${nestingMax}`, index);
    if (token !== ';') continue;
    policies.push({ text: text.slice(start, index + 1), file, start });
    start = -1;
    nesting = 0;
  }
  if (start >= 0) return fail('policy_syntax', 'this policy has no closing semicolon', start);
  return { kind: 'split', policies };
}
