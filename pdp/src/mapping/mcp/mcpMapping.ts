// MCP requests as decisions: people and agents call tools, read resources and use prompts, with typed arguments and
// stated facts.
import { EngineFault, type DecisionRequest, type Tuple } from '@cardea/engine';
import { contextFamilies, methodActions, toolCallAction, type CedarRecord } from '@cardea/schemas/cedar';
import { Refusal } from '@cardea/schemas/codes';
import { isJsonObject, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import { mapArguments, type Catalog } from '@cardea/schemas/mcp';
import type { WireDepends, WireEntity, WireEvaluation } from '@cardea/schemas/wire';
import { requireServer, type Caller } from '../../callers/caller.ts';
import type { Judge } from '../../decision/judge.ts';
import type { Discovery, Mapped, Mapping } from '../mapping.ts';
import { McpCatalog } from './mcpCatalog.ts';
import { mapFacts, type MappedFacts } from './mcpFacts.ts';
import { mapSubject } from './mcpPrincipal.ts';
import { readAction, readOffered, serverOf, type Offered } from './mcpWords.ts';

const noContext: JsonObject = Object.freeze(Object.create(null) as JsonObject);

/** Every key that a context of the core schema can have: unknown in discovery. */
const contextKeys: readonly string[] = ['input', ...contextFamilies];

/** By which method a resource of the type is used. */
const useActions: Readonly<Record<string, string>> = {
  Tool: toolCallAction,
  Prompt: 'prompts/get',
  Resource: 'resources/read',
};

interface Resolved {
  readonly tuple: Tuple;
  readonly facts: MappedFacts;
  readonly offered: Offered;
}

export class McpMapping implements Mapping {
  /** People and agents are not in the bundle: nobody could list them. */
  readonly searchesSubjects = false;
  readonly #catalog: McpCatalog;
  readonly #counters: readonly string[];
  readonly discovery: Discovery;

  /** `counters` are the names of what `context.usage` has to hold. */
  constructor(catalogs: readonly Catalog[], counters: readonly string[]) {
    this.#counters = counters;
    const catalog = new McpCatalog(catalogs);
    this.#catalog = catalog;
    this.discovery = {
      listServer: (server) => catalog.listServer(server),
      actionFor: ({ type }) =>
        Object.hasOwn(useActions, type) ? { name: useActions[type] as string } : undefined,
    };
  }

  mapEvaluation(evaluation: WireEvaluation, caller: Caller): Mapped<DecisionRequest> {
    const resolved = this.#resolve(evaluation, caller);
    if (resolved === undefined) return { kind: 'unknown' };
    const { tuple, facts, offered } = resolved;
    const input = offered.type === 'Tool' ? this.#mapInput(offered.id, evaluation.context ?? noContext) : {};
    const context = Object.assign(Object.create(null), facts.families, { input }) as CedarRecord;
    return {
      kind: 'mapped',
      request: { ...tuple, context, supplied: facts.supplied, approved: facts.approved },
    };
  }

  mapTuple(depends: WireDepends, caller: Caller): Mapped<Tuple> {
    const resolved = this.#resolve(depends, caller);
    return resolved === undefined ? { kind: 'unknown' } : { kind: 'mapped', request: resolved.tuple };
  }

  /** By what is stated; what is not is left open, the arguments as well as every fact. */
  isShown(judge: Judge, evaluation: WireEvaluation, caller: Caller): boolean {
    const resolved = this.#resolve(evaluation, caller);
    if (resolved === undefined) return false;
    const input = this.#readInput(resolved.offered, evaluation.context ?? noContext);
    if (input === 'unfit') return false;
    const { families } = resolved.facts;
    return isVisible(judge, resolved.tuple, input === undefined ? families : { ...families, input });
  }

  listSubjects(): readonly string[] {
    return [];
  }

  listResources(type: string, caller: Caller): readonly string[] {
    const ids = this.#catalog.list(type);
    return caller.class === 'proxy' ? ids.filter((id) => caller.servers.has(serverOf(id))) : ids;
  }

  listActions(resource: WireEntity): readonly string[] {
    if (resource.type === 'Tool') return [toolCallAction];
    return Object.entries(methodActions)
      .flatMap(([name, type]) => (type === resource.type ? [name] : []))
      .sort();
  }

  /** Undefined where the bundle knows no such thing; everything else is checked before that can show. */
  #resolve({ subject, action, resource, context }: WireDepends, caller: Caller): Resolved | undefined {
    const principal = mapSubject(subject, caller);
    const facts = mapFacts(context ?? noContext, caller, this.#counters);
    const offered = readOffered(resource, caller);
    requireServer(caller, offered.server);
    const actionId = readAction(action.name, offered);
    if (actionId === undefined || !this.#catalog.has(offered.type, offered.id)) return undefined;
    const tuple = {
      principal: principal.uid,
      action: { type: 'Action', id: actionId },
      resource: { type: offered.type, id: offered.id },
      // Of two statements about one entity the last counts: that about the principal.
      entities: facts.agent === undefined ? [principal] : [facts.agent, principal],
    };
    return { tuple, facts, offered };
  }

  /** `unfit` where the tool does not take these arguments: they were stated for all tools of a search. */
  #readInput({ type, id }: Offered, context: JsonObject): CedarRecord | 'unfit' | undefined {
    if (type !== 'Tool' || !Object.hasOwn(context, 'input')) return undefined;
    try {
      return this.#mapInput(id, context);
    } catch (fault) {
      if (fault instanceof Refusal) return 'unfit';
      throw fault;
    }
  }

  #mapInput(toolId: string, context: JsonObject): CedarRecord {
    const args: JsonValue = Object.hasOwn(context, 'input') ? (context['input'] as JsonValue) : noContext;
    const tool = this.#catalog.findArguments(toolId);
    if (!isJsonObject(args)) throw new Refusal('invalid_request', 'context.input: expected an object');
    if (tool === undefined) throw new Error('a tool that is offered has arguments');
    const mapped = mapArguments(tool.type, args, tool);
    if (mapped.kind === 'mapped') return mapped.input;
    throw new Refusal(mapped.code, `context.input${mapped.pointer}: ${mapped.message}`);
  }
}

/** A fault of the engine hides: what cannot be judged is not shown. */
function isVisible(judge: Judge, tuple: Tuple, known: CedarRecord): boolean {
  try {
    return judge.isVisible(tuple, contextKeys, known);
  } catch (fault) {
    if (fault instanceof EngineFault) return false;
    throw fault;
  }
}
