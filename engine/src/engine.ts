// A verdict from values: the policies and entities of one bundle, ready to decide. Pure and synchronous; the same
// engine runs in the decision service, in replay, in tests and in a browser.
import type { CedarEntity, CedarRecord, EntityUid } from '@cardea/schemas/cedar';
import { Refusal } from '@cardea/schemas/codes';
import type { CompiledPolicy } from './policy/compilePolicy.ts';
import { PolicyList, type PolicyStore } from './policy/policyStore.ts';
import { PreparsedSets } from './policy/preparsedSets.ts';
import type { Slice } from './policy/slice.ts';
import { SliceCache } from './policy/sliceCache.ts';
import { EntityStore, RequestEntities } from './request/ancestry.ts';
import { closeEntities } from './request/entityClosure.ts';
import { pruneContext } from './request/readTree.ts';
import { requireFewValues, valuesReadMax } from './request/valueCount.ts';
import { rule } from './verdict/decide.ts';
import { evaluateSet, evaluateSlice, writeReadRequest, type Evaluation } from './verdict/evaluate.ts';
import { isVisible } from './verdict/discover.ts';
import { explainDecision, type Explanation, type PolicyExplanation } from './verdict/explain.ts';
import { forecastPolicies, type PolicyForecast } from './verdict/forecast.ts';
import { VerdictMemory } from './verdict/verdictMemory.ts';
import type { DecisionRequest, Tuple, Verdict } from './verdict/verdict.ts';
import { CedarHost } from './wasm/cedarHost.ts';

export interface EngineOptions {
  /** The compiled engine; several engines share it. */
  readonly module: WebAssembly.Module;
  readonly policies: readonly CompiledPolicy[] | PolicyStore;
  /** What the bundle knows: servers, tools, actions with their groups. */
  readonly entities: readonly CedarEntity[];
  /** Context keys that callers have to state before policies may read them; the others may simply be absent. */
  readonly families: readonly string[];
}

export class Engine {
  readonly #host: CedarHost;
  readonly #policies: PolicyStore;
  readonly #slices: SliceCache;
  readonly #preparsed: PreparsedSets;
  readonly #memory = new VerdictMemory();
  readonly #store: EntityStore;
  readonly #families: readonly string[];

  constructor(options: EngineOptions) {
    this.#host = new CedarHost(options.module);
    this.#policies = 'read' in options.policies ? options.policies : new PolicyList(options.policies);
    this.#slices = new SliceCache(this.#policies);
    this.#preparsed = new PreparsedSets(this.#host);
    this.#store = new EntityStore(options.entities);
    this.#families = [...options.families].sort();
  }

  /** Runs the engine until it is compiled: without this the first decision takes a tenth of a second. */
  warm(): void {
    this.#host.warm();
  }

  /** For whoever watches this engine; no verdict depends on them. */
  get counts(): { readonly sliceMisses: number; readonly instanceReplacements: number } {
    return { sliceMisses: this.#slices.misses, instanceReplacements: this.#host.generation - 1 };
  }

  /** Never throws for a fault of the engine, which is a denial; throws Refusal for values that cannot be carried. */
  decide(request: DecisionRequest): Verdict {
    const entities = new RequestEntities(this.#store, request.entities);
    const slice = this.#sliceFor(request, entities);
    const missing = slice.familiesRead(this.#families).filter((family) => !request.supplied.includes(family));
    if (missing.length > 0) return { kind: 'needs', families: missing, dependsOn: slice.dependsOn };
    if (slice.isEmpty) return { kind: 'deny', code: 'default_deny', reasons: [], dependsOn: [] };
    try {
      return this.#evaluate(request, slice, entities);
    } catch (fault) {
      if (fault instanceof Refusal) throw fault;
      return { kind: 'deny', code: 'engine_fault', reasons: [], dependsOn: slice.dependsOn };
    }
  }

  /** The context paths that any verdict for this tuple can read: a function of the tuple and the bundle alone. */
  dependsOn(tuple: Tuple): readonly string[] {
    return this.#sliceFor(tuple, new RequestEntities(this.#store, tuple.entities)).dependsOn;
  }

  /**
   * Whether a list should show the resource: false only where no context could make the call allowed or held. `known` is
   * the part of the context that all calls share; what it holds of `contextKeys` is not left open. Throws Refusal as `decide` does.
   */
  isVisible(tuple: Tuple, contextKeys: readonly string[], known: CedarRecord = {}): boolean {
    const entities = new RequestEntities(this.#store, tuple.entities);
    const slice = this.#sliceFor(tuple, entities);
    const unknown = contextKeys.filter((key) => !Object.hasOwn(known, key));
    // Where nothing that is read is open, it is a decision: partial evaluation leaves open what holds extension values.
    if (!unknown.some((key) => slice.readsKey(key))) return this.#isUsable(tuple, known, slice, entities);
    const pruned = pruneContext(known, slice.reads);
    // What has no Cedar type denies every call that reads it.
    if (pruned.kind === 'unrepresentable') return false;
    const closed = closeEntities(rootsOf(tuple, slice, pruned.references), slice.uses, entities);
    requireFewValues(
      pruned.context,
      closed.filter(({ uid }) => entities.isOwn(uid)),
    );
    return isVisible(this.#host, slice, { ...tuple, entities: closed }, { known: pruned.context, unknown });
  }

  #isUsable(tuple: Tuple, context: CedarRecord, slice: Slice, entities: RequestEntities): boolean {
    if (slice.isEmpty) return false;
    const request = { ...tuple, context, supplied: [], approved: [] };
    const { kind } = this.#evaluate(request, slice, entities);
    return kind === 'allow' || kind === 'hold';
  }

  /** What the policies will say of any such call, for their authors only. Throws EngineFault when the engine throws. */
  forecast(tuple: Tuple, contextKeys: readonly string[]): readonly PolicyForecast[] {
    const { slice, request } = this.#prepare(tuple);
    return forecastPolicies(this.#host, slice, request, contextKeys);
  }

  /** Why the verdict is what it is, for the authors of policies only: it names attributes and clauses. */
  explain(request: DecisionRequest): Explanation {
    return { policies: [...this.explainSteps(request)] };
  }

  /** The same, policy by policy, for whoever has others to serve meanwhile. */
  explainSteps(request: DecisionRequest): Generator<PolicyExplanation, void> {
    const entities = new RequestEntities(this.#store, request.entities);
    const slice = this.#sliceFor(request, entities);
    return explainDecision(this.#host, { request, entities, slice, policies: this.#policies });
  }

  #evaluate(request: DecisionRequest, slice: Slice, entities: RequestEntities): Verdict {
    const pruned = pruneContext(request.context, slice.reads);
    if (pruned.kind === 'unrepresentable') {
      const detail = `${pruned.pointer}: ${pruned.reason}`;
      return { kind: 'deny', code: 'unrepresentable_value', reasons: [], dependsOn: slice.dependsOn, detail };
    }
    const closed = closeEntities(rootsOf(request, slice, pruned.references), slice.uses, entities);
    const written = writeReadRequest({ ...request, context: pruned.context, entities: closed }, slice.uses);
    // Every value takes a character at least.
    if (written.length > valuesReadMax) {
      const own = closed.filter(({ uid }) => entities.isOwn(uid));
      requireFewValues(pruned.context, own);
    }
    // What people approved is not in the question.
    if (request.approved.length > 0) return this.#ask(slice, written, request.approved);
    const known = this.#memory.find(slice, written);
    if (known !== undefined) return known;
    const verdict = this.#ask(slice, written, []);
    this.#memory.remember(slice, written, verdict);
    return verdict;
  }

  #ask(slice: Slice, written: string, approved: readonly string[]): Verdict {
    const first = evaluateSlice(this.#host, this.#preparsed, slice, written);
    return rule(
      slice.dependsOn,
      new Set(approved),
      first,
      () => evaluateSet(this.#host, this.#preparsed, slice.permitSet, written) as Evaluation,
    );
  }

  #prepare(tuple: Tuple): { readonly slice: Slice; readonly request: Tuple } {
    const entities = new RequestEntities(this.#store, tuple.entities);
    const slice = this.#sliceFor(tuple, entities);
    const closed = closeEntities(rootsOf(tuple, slice, []), slice.uses, entities);
    return { slice, request: { ...tuple, entities: closed } };
  }

  #sliceFor(tuple: Tuple, entities: RequestEntities): Slice {
    return this.#slices.sliceFor({
      principal: tuple.principal,
      action: tuple.action,
      resource: tuple.resource,
      ancestors: (key) => entities.ancestors(key),
      isLasting: (key) => entities.isLasting(key),
    });
  }
}

/** Where conditions can begin to walk from: those of the request's entities that they name, and what the context names. */
function rootsOf(tuple: Tuple, { uses }: Slice, references: readonly EntityUid[]): EntityUid[] {
  const named = (['principal', 'action', 'resource'] as const).filter((name) => uses.variables.has(name));
  return [...named.map((name) => tuple[name]), ...references];
}
