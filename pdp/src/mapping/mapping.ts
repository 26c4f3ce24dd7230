// From the words of a request to the values that the engine judges. Which words is the bundle's choice, by its
// profile: AuthZEN over any Cedar schema, or MCP.
import type { DecisionRequest, Tuple } from '@cardea/engine';
import type { WireAction, WireDepends, WireEntity, WireEvaluation } from '@cardea/schemas/wire';
import type { Caller } from '../callers/caller.ts';
import type { Judge } from '../decision/judge.ts';

/** `unknown`: the bundle holds nothing of that name. Whatever the name was, the answer is the same. */
export type Mapped<T> = { readonly kind: 'mapped'; readonly request: T } | { readonly kind: 'unknown' };

/**
 * All methods throw a Refusal: `not_permitted` for what the caller's class may not state or ask about, 400s for what
 * is no request at all. What throws does not depend on whether a tool of that name exists, but for its arguments.
 */
export interface Mapping {
  mapEvaluation(evaluation: WireEvaluation, caller: Caller): Mapped<DecisionRequest>;

  /** The same without the values of the context. */
  mapTuple(depends: WireDepends, caller: Caller): Mapped<Tuple>;

  /** Whether a search or a list may show what this evaluation is about. */
  isShown(judge: Judge, evaluation: WireEvaluation, caller: Caller): boolean;

  /** Whether the bundle holds subjects to search among. */
  readonly searchesSubjects: boolean;

  /** Ids, in their order. */
  listSubjects(type: string): readonly string[];

  /** Of those that the caller may ask about. */
  listResources(type: string, caller: Caller): readonly string[];

  /** Names of the actions that apply to the resource, in their order. */
  listActions(resource: WireEntity): readonly string[];

  /** What discovery offers of one server, and by which action each is used; undefined without servers. */
  readonly discovery: Discovery | undefined;
}

export interface Discovery {
  listServer(server: string): readonly Omit<WireEntity, 'properties'>[];
  /** Undefined for a type that no action uses. */
  actionFor(resource: WireEntity): WireAction | undefined;
}
