// The policies of the benchmark: what a company writes that lets teams use tools within limits. Each is kept as its
// parts, so that engines which do not read Cedar can be given the same rule in their own words.

/** A rule over who (a team), what (a tool) and two numbers: the call's amount, and the calls of the last hour. */
export interface Rule {
  readonly id: string;
  readonly effect: 'permit' | 'forbid';
  /** Absent: anybody, any tool. Such a rule is a candidate for every request. */
  readonly scope?: { readonly team: string; readonly tool: string };
  readonly condition: { readonly number: 'amount' | 'hour'; readonly is: '<=' | '>'; readonly limit: number };
}

/** The same in every workload, whatever its size. */
export const unconditionalCount = 20;

export const toolCount = 100;
const serverCount = 10;

export const serverIds: readonly string[] = Array.from({ length: serverCount }, (_, at) => `server-${at}`);

/** A tool's qualified name, as actions and resources carry it. */
export function toolId(at: number): string {
  return `${serverIds[at % serverCount] ?? ''}/tool-${at}`;
}

/** One (team, tool) pair has two policies: a permit up to a limit, and a forbid above another. */
export interface Cell {
  readonly team: string;
  readonly tool: string;
}

export function listCells(policyCount: number): Cell[] {
  return Array.from({ length: Math.ceil(policyCount / 2) }, (_, at) => ({
    team: `team-${Math.floor(at / toolCount)}`,
    tool: toolId(at % toolCount),
  }));
}

/** Wide enough for a different amount in every request of a long run. */
export const permittedMax = 100_000_000;
export const forbiddenAbove = 90_000_000;
export const hourMax = 1_000;

const rulesByCount = new Map<number, readonly Rule[]>();

/** `policyCount` rules with a scope, and after them the unconditional ones: the same array for the same count. */
export function listRules(policyCount: number): readonly Rule[] {
  const known = rulesByCount.get(policyCount) ?? makeRules(policyCount);
  rulesByCount.set(policyCount, known);
  return known;
}

function makeRules(policyCount: number): Rule[] {
  const scoped = listCells(policyCount).flatMap((scope, at): Rule[] => [
    {
      id: `cell-${at}-permit`,
      effect: 'permit',
      scope,
      condition: { number: 'amount', is: '<=', limit: permittedMax },
    },
    {
      id: `cell-${at}-forbid`,
      effect: 'forbid',
      scope,
      condition: { number: 'amount', is: '>', limit: forbiddenAbove },
    },
  ]);
  const unconditional = Array.from({ length: unconditionalCount }, (_, at): Rule => {
    return { id: `all-${at}`, effect: 'forbid', condition: { number: 'hour', is: '>', limit: hourMax + at } };
  });
  return [...scoped.slice(0, policyCount), ...unconditional];
}

const numberPaths = { amount: 'context.input.amount', hour: 'context.usage.hour' } as const;

export function writeCedar({ id, effect, scope, condition }: Rule): string {
  const where =
    scope === undefined
      ? 'principal, action, resource'
      : `principal in Group::"${scope.team}", action == Action::"${scope.tool}", resource`;
  const { number, is, limit } = condition;
  return `@id("${id}")\n${effect} (${where})\nwhen { ${numberPaths[number]} ${is} ${limit} };`;
}
