// Which group may do what with which tool, before and after. What counts is the answer and everything that it depends
// on: a condition that changes can turn a verdict, though both tables say "conditional".
import { compileBundle, makeEngine } from '@cardea/bundles';
import type { OpenedBundle } from '@cardea/bundles/open';
import { CedarHost } from '@cardea/engine';
import { qualifyName } from '@cardea/schemas/mcp';
import { Failure } from '../frame/failure.ts';
import { suggest } from '../frame/nearest.ts';
import type { Access } from '../whoCan/access.ts';
import {
  listGroups,
  listPersonalPolicies,
  tabulateAccess,
  type TableSubject,
} from '../whoCan/accessTable.ts';
import { respellAccess } from './respellCondition.ts';

export interface AccessChange {
  /** Undefined is anyone: a person in no group. */
  readonly group: string | undefined;
  readonly tool: string;
  /** Undefined where the bundle has no such tool, which denies it. */
  readonly before: Access | undefined;
  readonly after: Access | undefined;
  readonly direction: 'wider' | 'narrower' | 'other';
}

export interface AccessComparison {
  readonly changes: readonly AccessChange[];
  /** Ids of policies, of either bundle, about people whom no group tells: these are in no cell. */
  readonly personal: ReadonlySet<string>;
}

export interface AccessOptions {
  /** Of the installed engine. */
  readonly module: WebAssembly.Module;
  /** Ids of the guardrails, whose conditions are those of every call. */
  readonly guardrails: ReadonlySet<string>;
  /** Ids of tools or servers; none is all. */
  readonly tools: readonly string[];
}

/** Throws Failure for a tool that neither has, and as the table does. */
export async function compareAccess(
  before: OpenedBundle,
  after: OpenedBundle,
  { module, guardrails, tools }: AccessOptions,
): Promise<AccessComparison> {
  const host = new CedarHost(module);
  const subjects = [await openSubject(before, guardrails), await openSubject(after, guardrails)] as const;
  requireTools(subjects, tools);
  // Each is asked about the groups that only the other one names.
  const groups = [...new Set(subjects.flatMap(({ policies }) => listGroups(policies, [])))];
  const [old, fresh] = subjects.map((subject) => tabulate(subject, groups, tools, host));
  const keys = [...new Set([...(old?.keys() ?? []), ...(fresh?.keys() ?? [])])].sort();
  return {
    changes: keys.flatMap((key) => compareCell(old?.get(key), fresh?.get(key))),
    personal: new Set(subjects.flatMap(({ policies }) => listPersonalPolicies(policies))),
  };
}

async function openSubject(bundle: OpenedBundle, guardrails: ReadonlySet<string>): Promise<TableSubject> {
  const compiled = await compileBundle(bundle);
  const { catalogs, policies } = compiled;
  return { engine: makeEngine(compiled), catalogs, policies, guardrails };
}

function requireTools(subjects: readonly TableSubject[], tools: readonly string[]): void {
  const known = new Set(subjects.flatMap(listNames));
  const unknown = tools.find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new Failure(`neither bundle has a tool "${unknown}"`, suggest(unknown, known));
}

/** Of tools, and of servers for all of theirs. */
function listNames({ catalogs }: TableSubject): string[] {
  return catalogs.flatMap(({ server, tools }) => [
    server.id,
    ...tools.map(({ name }) => qualifyName(server.id, name)),
  ]);
}

interface Cell {
  readonly tool: string;
  readonly group: string | undefined;
  readonly access: Access;
}

/** By tool and group. */
function tabulate(
  subject: TableSubject,
  groups: readonly string[],
  tools: readonly string[],
  host: CedarHost,
): Map<string, Cell> {
  const names = new Set(listNames(subject));
  const chosen = tools.filter((name) => names.has(name));
  // To the table no choice means all tools.
  if (tools.length > 0 && chosen.length === 0) return new Map();
  const table = tabulateAccess(subject, { groups, tools: chosen });
  const cells = table.rows.flatMap(({ tool, cells: row }) =>
    row.map((access, at): Cell => ({ tool, group: table.groups[at], access: respellAccess(host, access) })),
  );
  return new Map(cells.map((cell) => [JSON.stringify([cell.tool, cell.group ?? null]), cell]));
}

function compareCell(before: Cell | undefined, after: Cell | undefined): AccessChange[] {
  const cell = after ?? before;
  if (cell === undefined || describe(before) === describe(after)) return [];
  const { tool, group } = cell;
  const gained = rankOf(after) - rankOf(before);
  return [
    {
      group,
      tool,
      before: before?.access,
      after: after?.access,
      direction: gained > 0 ? 'wider' : gained < 0 ? 'narrower' : 'other',
    },
  ];
}

const ranks = { denied: 0, held: 1, conditional: 2, allowed: 3 } as const;

function rankOf(cell: Cell | undefined): number {
  return ranks[cell?.access.answer ?? 'denied'];
}

/**
 * Equal for equal verdicts, whichever policies they come from. A tool that is not there is denied like one that nobody
 * permits.
 */
function describe(cell: Cell | undefined): string {
  const { answer = 'denied', approvers = [], conditions = [], guardrails = [] } = cell?.access ?? {};
  const decisive = conditions.map(({ verdict, condition, approver }) => [verdict, condition, approver ?? '']);
  return JSON.stringify([answer, approvers, decisive.map(String).sort(), guardrails]);
}
