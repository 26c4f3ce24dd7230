// Every group against every tool. Groups are known by the policies that name them: who is in them arrives with each
// request, so the table asks for somebody who is in one of them and has nothing else.
import type { CompiledPolicy, Engine } from '@cardea/engine';
import { contextFamilies, entityOfKey, type EntityUid } from '@cardea/schemas/cedar';
import { qualifyName, type Catalog, type Review } from '@cardea/schemas/mcp';
import { Failure } from '../frame/failure.ts';
import { suggest } from '../frame/nearest.ts';
import { judgeAccess, type Access } from './access.ts';

/** Each costs about a millisecond. */
const cellsMax = 100_000;

const contextKeys = ['input', ...contextFamilies];

export interface AccessTable {
  /** Undefined is anyone: a person in no group. */
  readonly groups: readonly (string | undefined)[];
  readonly rows: readonly AccessRow[];
}

export interface AccessRow {
  readonly tool: string;
  readonly review: Review;
  /** One for each group. */
  readonly cells: readonly Access[];
}

export interface TableSubject {
  readonly engine: Engine;
  readonly catalogs: readonly Catalog[];
  readonly policies: readonly CompiledPolicy[];
  /** Ids. */
  readonly guardrails: ReadonlySet<string>;
}

export interface TableChoice {
  /** Groups beside those that policies name. */
  readonly groups: readonly string[];
  /** Ids of tools or servers; none is all. */
  readonly tools: readonly string[];
}

/** Throws Failure for a tool that is not there, and for more cells than anybody reads. */
export function tabulateAccess(subject: TableSubject, choice: TableChoice): AccessTable {
  const tools = chooseTools(subject.catalogs, choice.tools);
  const groups = [undefined, ...listGroups(subject.policies, choice.groups)];
  if (groups.length * tools.length > cellsMax) {
    throw new Failure(
      `${tools.length} tools for ${groups.length} groups are too many for one table`,
      'choose with --tool',
    );
  }
  const rows = tools.map(({ id, review }) => ({
    tool: id,
    review,
    cells: groups.map((group) => askFor(subject, group, id)),
  }));
  return { groups, rows };
}

/** Ids of policies about single people or agents, or about what is known of each, which the table does not show. */
export function listPersonalPolicies(policies: readonly CompiledPolicy[]): string[] {
  return policies
    .filter(({ scope: { principal }, uses }) => {
      const named = [...(principal.keys ?? []).map(entityOfKey), ...uses.literals];
      return principal.type === 'Agent' || uses.tags || named.some(isSomebody);
    })
    .map(({ id }) => id)
    .sort();
}

function isSomebody({ type }: EntityUid): boolean {
  return type === 'Person' || type === 'Agent';
}

function askFor({ engine, guardrails }: TableSubject, group: string | undefined, tool: string): Access {
  const principal = { type: 'Person', id: group === undefined ? 'anyone' : `somebody in ${group}` };
  const parents = group === undefined ? [] : [{ type: 'Group', id: group }];
  const forecasts = engine.forecast(
    {
      principal,
      action: { type: 'Action', id: tool },
      resource: { type: 'Tool', id: tool },
      entities: [{ uid: principal, attrs: {}, parents, tags: {} }],
    },
    contextKeys,
  );
  return judgeAccess(forecasts, guardrails);
}

export function listGroups(policies: readonly CompiledPolicy[], more: readonly string[]): string[] {
  const named = policies.flatMap(({ scope, uses }): EntityUid[] => [
    ...(scope.principal.keys ?? []).map(entityOfKey),
    ...uses.literals,
  ]);
  const groups = named.flatMap(({ type, id }) => (type === 'Group' ? [id] : []));
  return [...new Set([...groups, ...more])].sort();
}

interface ChosenTool {
  readonly id: string;
  readonly review: Review;
}

function chooseTools(catalogs: readonly Catalog[], chosen: readonly string[]): ChosenTool[] {
  const all = catalogs.flatMap(({ server, tools }) =>
    tools.map(({ name, review }) => ({ id: qualifyName(server.id, name), server: server.id, review })),
  );
  for (const name of chosen) {
    if (all.some(({ id, server }) => id === name || server === name)) continue;
    throw new Failure(
      `the project has no tool "${name}"`,
      suggest(
        name,
        all.map(({ id }) => id),
      ),
    );
  }
  const isChosen = ({ id, server }: (typeof all)[number]): boolean =>
    chosen.length === 0 || chosen.includes(id) || chosen.includes(server);
  return all.filter(isChosen).sort((left, right) => (left.id < right.id ? -1 : 1));
}
