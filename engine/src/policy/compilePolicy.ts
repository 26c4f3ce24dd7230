// Turns the text of one policy into what deciding needs of it: names, scope, and what it can read. The syntax tree is
// dropped here; the text stays the source of truth, since Cedar's JSON form cannot carry every literal.
import { readClauseTexts, type ClauseText } from './clauses.ts';
import { findContextReads, type ContextRead } from './contextReads.ts';
import { findEntityUse, type EntityUse } from './entityUse.ts';
import { operands, readNode, UnknownNode, type PolicyJson } from './policyJson.ts';
import { nestingMax, policyCharactersMax, type PolicyProblem } from './policyProblem.ts';
import type { PolicySource } from './policyText.ts';
import { readScope, type Scope } from './scope.ts';
import type { CedarHost } from '../wasm/cedarHost.ts';

/** What verdicts say of a policy. */
export interface PolicyName {
  readonly id: string;
  readonly effect: 'permit' | 'forbid';
  /** The group that can approve, for a forbid that only holds. */
  readonly hold?: string;
  readonly message?: string;
}

export interface CompiledPolicy extends PolicyName {
  readonly text: string;
  readonly scope: Scope;
  readonly clauses: readonly ClauseText[];
  /** How deep its conditions nest, in operators. */
  readonly depth: number;
  readonly reads: readonly ContextRead[];
  readonly uses: EntityUse;
}

export type CompileResult =
  | { readonly kind: 'compiled'; readonly policy: CompiledPolicy }
  | { readonly kind: 'problem'; readonly problem: PolicyProblem };

interface CedarError {
  readonly message: string;
  readonly help: string | null;
  readonly sourceLocations?: readonly { readonly start: number; readonly end: number }[];
}

/**
 * `host` has to be disposable: text that was not vetted yet can kill it. `fallbackId` names a policy without @id; where
 * it is absent such a policy is a problem.
 */
export function compilePolicy(host: CedarHost, source: PolicySource, fallbackId?: string): CompileResult {
  const problem = (
    code: PolicyProblem['code'],
    message: string,
    more?: Partial<PolicyProblem>,
  ): CompileResult => ({
    kind: 'problem',
    problem: { code, message, file: source.file, start: source.start, end: source.start + 1, ...more },
  });
  if (source.text.length > policyCharactersMax) {
    return problem('policy_too_large', `a policy may have ${policyCharactersMax} characters`);
  }
  try {
    const answer = JSON.parse(host.call('policyToJson', JSON.stringify(source.text))) as ParseAnswer;
    if (answer.type === 'failure')
      return { kind: 'problem', problem: describeFailure(answer.errors, source) };
    return vet(answer.json, source, fallbackId);
  } catch (fault) {
    if (fault instanceof UnknownNode) return problem('policy_unknown_function', fault.message);
    return problem('policy_too_deep', 'the engine cannot parse this policy; make its conditions smaller');
  }
}

type ParseAnswer =
  | { readonly type: 'success'; readonly json: PolicyJson }
  | { readonly type: 'failure'; readonly errors: readonly CedarError[] };

function vet(json: PolicyJson, source: PolicySource, fallbackId: string | undefined): CompileResult {
  const annotations = new Map(Object.entries(json.annotations ?? {}));
  const problem = (code: PolicyProblem['code'], message: string, at: string): CompileResult => {
    const start = source.start + Math.max(0, source.text.indexOf(at));
    return { kind: 'problem', problem: { code, message, file: source.file, start, end: start + at.length } };
  };
  const depth = measureDepth(json);
  if (depth > nestingMax) {
    return problem('policy_too_deep', `its conditions nest deeper than ${nestingMax} operators`, json.effect);
  }
  const misspelt = [...annotations.keys()].find(isAlmostHold);
  if (misspelt !== undefined) return problem('annotation_misspelt', 'did you mean @hold?', `@${misspelt}`);
  const id = annotations.get('id') ?? fallbackId;
  if (id === undefined || id === '')
    return problem('id_missing', 'every policy needs an @id("...")', json.effect);
  const hold = annotations.get('hold');
  if (annotations.has('hold')) {
    if (json.effect === 'permit') return problem('hold_on_permit', 'only a forbid can hold', '@hold');
    if (hold == null || hold.trim() === '')
      return problem('hold_empty', '@hold names the group that approves', '@hold');
  }
  const message = annotations.get('message');
  const policy: CompiledPolicy = {
    id,
    effect: json.effect,
    text: source.text,
    ...(hold == null ? {} : { hold }),
    ...(message == null ? {} : { message }),
    scope: readScope(json),
    clauses: readClauseTexts(
      source.text,
      json.conditions.map(({ kind }) => kind),
    ),
    depth,
    reads: findContextReads(json),
    uses: findEntityUse(json),
  };
  return { kind: 'compiled', policy };
}

/** A misspelt @hold would turn a call that waits for people into one that is plainly denied, or worse, is missed. */
function isAlmostHold(annotation: string): boolean {
  if (annotation === 'hold') return false;
  const folded = annotation.toLowerCase().replaceAll('_', '');
  if (folded === 'hold' || Array.from(folded).sort().join('') === 'dhlo') return true;
  return isOneEditFrom(folded, 'hold');
}

function isOneEditFrom(text: string, target: string): boolean {
  if (Math.abs(text.length - target.length) > 1) return false;
  let same = 0;
  while (same < Math.min(text.length, target.length) && text[same] === target[same]) same += 1;
  const rests = [
    [text.slice(same + 1), target.slice(same + 1)],
    [text.slice(same + 1), target.slice(same)],
    [text.slice(same), target.slice(same + 1)],
  ];
  return rests.some(([left, right]) => left === right);
}

/**
 * The engine joins the conditions of a policy to one chain of `&&`, and makes another one of `has a.b.c`. Past
 * `nestingMax` it is enough to know that it is deeper.
 */
function measureDepth({ conditions }: PolicyJson): number {
  const open = conditions.map(({ body }) => ({ expr: body, depth: conditions.length - 1 }));
  let deepest = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    deepest = Math.max(deepest, next.depth);
    if (deepest > nestingMax) return deepest;
    const node = readNode(next.expr);
    const depth = next.depth + (node.op === 'has' ? node.path.length : 1);
    for (const expr of operands(node)) open.push({ expr, depth });
  }
  return deepest;
}

function describeFailure(errors: readonly CedarError[], source: PolicySource): PolicyProblem {
  const [error] = errors;
  const place = error?.sourceLocations?.[0] ?? { start: 0, end: 1 };
  return {
    code: /^(?!unexpected).*template (?:slot|containing)/.test(error?.message ?? '')
      ? 'policy_template'
      : 'policy_syntax',
    message: (error?.message ?? 'not a policy').replace('failed to parse policy from string: ', ''),
    ...(error?.help == null ? {} : { help: error.help }),
    file: source.file,
    start: source.start + characterOffset(source.text, place.start),
    end: source.start + characterOffset(source.text, place.end),
  };
}

/** The engine counts UTF-8 bytes; editors and JavaScript count UTF-16 code units. */
export function characterOffset(text: string, byteOffset: number): number {
  return new TextDecoder().decode(new TextEncoder().encode(text).subarray(0, byteOffset)).length;
}
