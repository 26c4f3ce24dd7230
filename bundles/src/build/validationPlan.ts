// Which policies are validated against which schemas. One schema of all tools takes a minute, so each policy meets the
// one-tool schema of every tool that its scope covers. A policy that reads no arguments sees the same types in each of
// them, except where it compares the action with a name: there, one tool for each outcome of the comparisons will do.

import {
  effects,
  entityOfKey,
  methodActions,
  methodSchemaText,
  quoteText,
  toolCallAction,
} from '@cardea/schemas/cedar';
import { toolSchemaText, type Catalog } from '@cardea/schemas/mcp';
import {
  coversMethods,
  coversTarget,
  listTargets,
  mentionedActions,
  type ActionTarget,
} from './actionTarget.ts';
import type { SourcedPolicy } from './compilePolicies.ts';

export interface ValidationTask {
  readonly schemaText: string;
  readonly policies: readonly SourcedPolicy[];
}

/** What the generated schemas are made of. */
export interface SchemaParts {
  readonly catalogs: readonly Catalog[];
  /** Names of the usage counters. */
  readonly counters: readonly string[];
}

/** Lazily, since the texts of 10,000 schemas together are large. No pair of policy and schema comes twice. */
export function* planValidation(
  policies: readonly SourcedPolicy[],
  { catalogs, counters }: SchemaParts,
): Generator<ValidationTask> {
  const index = new TargetIndex(listTargets(catalogs));
  const byTarget = new Map<ActionTarget, SourcedPolicy[]>();
  const bareByTarget = new Map<ActionTarget, SourcedPolicy[]>();
  const onMethods: SourcedPolicy[] = [];
  for (const sourced of policies) {
    const { policy } = sourced;
    const targets = index.covered(policy.scope);
    if (readsInput(policy))
      targets.forEach((target) => {
        file(byTarget, target, sourced);
      });
    else
      representatives(targets, policy).forEach((target) => {
        file(bareByTarget, target, sourced);
      });
    // A scope that covers nothing still has types to be checked; the validator then warns of it.
    if (targets.length === 0 || coversMethods(policy.scope)) onMethods.push(sourced);
  }
  yield* tasksOf(onMethods, (also) => methodSchemaText({ counters }) + declareActions(also));
  for (const [{ server, tool }, covering] of byTarget) {
    yield* tasksOf(covering, (alsoActions) => toolSchemaText(tool, { server, counters, alsoActions }));
  }
  for (const [{ server, tool }, covering] of bareByTarget) {
    const bare = { ...tool, inputSchema: {} };
    yield* tasksOf(covering, (alsoActions) => toolSchemaText(bare, { server, counters, alsoActions }));
  }
}

/**
 * One task for policies that mention the same actions: these are declared, and no others, so that a policy's schema
 * does not change with its neighbours.
 */
function* tasksOf(
  policies: readonly SourcedPolicy[],
  write: (alsoActions: readonly string[]) => string,
): Generator<ValidationTask> {
  const mentions = (sourced: SourcedPolicy): string =>
    [...mentionedActions(sourced.policy)].sort().join('\n');
  for (const [, alike] of Map.groupBy(policies, mentions)) {
    const [first] = alike;
    if (first === undefined) continue;
    const also = [...mentionedActions(first.policy)].map((key) => entityOfKey(key).id);
    yield { schemaText: write(also), policies: alike };
  }
}

const coreActions: ReadonlySet<string> = new Set([toolCallAction, ...effects]);

function declareActions(ids: readonly string[]): string {
  const missing = ids.filter((id) => !Object.hasOwn(methodActions, id) && !coreActions.has(id)).sort();
  return missing.length === 0 ? '' : `action ${missing.map(quoteText).join(', ')};\n`;
}

function readsInput({ reads }: SourcedPolicy['policy']): boolean {
  return reads.some(({ path }) => path.length === 0 || path[0] === 'input');
}

function representatives(targets: readonly ActionTarget[], policy: SourcedPolicy['policy']): ActionTarget[] {
  const mentioned = [...mentionedActions(policy)];
  const outcome = ({ action, actionGroups }: ActionTarget): string =>
    mentioned.map((key) => (key === action ? '=' : actionGroups.has(key) ? '<' : ' ')).join('');
  return [...Map.groupBy(targets, outcome).values()].flatMap(([first]) => first ?? []);
}

function file<K>(map: Map<K, SourcedPolicy[]>, key: K, policy: SourcedPolicy): void {
  const filed = map.get(key);
  if (filed === undefined) map.set(key, [policy]);
  else filed.push(policy);
}

/** Finds covered targets without looking at all of them, where the scope names anything. */
class TargetIndex {
  readonly #targets: readonly ActionTarget[];
  readonly #byKey = new Map<string, Set<ActionTarget>>();

  constructor(targets: readonly ActionTarget[]) {
    this.#targets = targets;
    for (const target of targets) {
      const { action, actionGroups, resource, resourceGroups } = target;
      for (const key of [action, ...actionGroups, resource, ...resourceGroups]) {
        const filed = this.#byKey.get(key);
        if (filed === undefined) this.#byKey.set(key, new Set([target]));
        else filed.add(target);
      }
    }
  }

  covered(scope: SourcedPolicy['policy']['scope']): ActionTarget[] {
    const named = (keys: readonly string[]): ActionTarget[] => [
      ...new Set(keys.flatMap((key) => [...(this.#byKey.get(key) ?? [])])),
    ];
    const { action, resource } = scope;
    const sides = [action.keys, resource.keys].flatMap((keys) => (keys === undefined ? [] : [named(keys)]));
    const [fewest = this.#targets] = sides.sort((left, right) => left.length - right.length);
    return fewest.filter((target) => coversTarget(scope, target));
  }
}
