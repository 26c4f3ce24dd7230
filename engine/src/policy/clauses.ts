// The conditions of a policy as text, cut out behind its scope. Whether the scope covers a request is settled by the
// index before anything is evaluated; the text stays the source of truth, since Cedar's JSON form loses literals.
import { tokensOf } from './policyText.ts';

export interface ClauseText {
  readonly kind: 'when' | 'unless';
  /** What stands between the braces. A comment in it ends in it: the brace that closes it was seen. */
  readonly body: string;
}

/**
 * `text` is one policy that the engine has parsed, and `kinds` are those of its conditions as the engine read them: it
 * knows blanks that JavaScript does not, and `unless` taken for `when` would turn a verdict round. Throws where the two
 * disagree on how many there are.
 */
export function readClauseTexts(text: string, kinds: readonly ClauseText['kind'][]): ClauseText[] {
  const bodies = readBodies(text);
  if (bodies.length !== kinds.length) throw new Error('the conditions of this policy cannot be told apart');
  return kinds.map((kind, at) => ({ kind, body: bodies[at] ?? '' }));
}

function readBodies(text: string): string[] {
  const bodies: string[] = [];
  let nesting = 0;
  let start = 0;
  for (const { token, index } of tokensOf(text)) {
    // Annotations and the scope stand in parentheses, conditions in braces: no other brace is outermost.
    if (nesting === 0 && token === '{') start = index + 1;
    if (token === '(' || token === '[' || token === '{') nesting += 1;
    if (token === ')' || token === ']' || token === '}') nesting -= 1;
    if (nesting === 0 && token === '}') bodies.push(text.slice(start, index));
  }
  return bodies;
}

/** The policy for any request that its scope covers. */
export function writeUnscoped(effect: 'permit' | 'forbid', clauses: readonly ClauseText[]): string {
  const conditions = clauses.map(({ kind, body }) => `${kind} {${body}}`);
  return `${effect} (principal, action, resource) ${conditions.join(' ')};`;
}

/**
 * One forbid for many. INVARIANT: it is neither satisfied nor errs exactly when each of them is neither satisfied nor
 * errs: `||` goes on only past what is false.
 */
export function writeAnyOf(policies: readonly (readonly ClauseText[])[]): string {
  return `forbid (principal, action, resource) when {${writeBalanced(policies.map(writeConjunction))}};`;
}

function writeConjunction(clauses: readonly ClauseText[]): string {
  const parts = clauses.map(({ kind, body }) => `${kind === 'when' ? '' : '!'}(${body})`);
  return parts.length === 0 ? 'true' : parts.join(' && ');
}

/** A tree, not a chain: the engine evaluates recursively, and long chains exhaust its stack. */
function writeBalanced(conditions: readonly string[]): string {
  const [only] = conditions;
  if (conditions.length === 1 && only !== undefined) return only;
  const middle = Math.ceil(conditions.length / 2);
  const [left, right] = [conditions.slice(0, middle), conditions.slice(middle)].map(writeBalanced);
  return `(${left ?? ''}) || (${right ?? ''})`;
}
