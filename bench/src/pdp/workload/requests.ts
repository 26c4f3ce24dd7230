// The requests of the benchmark. Hot ones are few and come again and again; unlike ones ask the same policies, and no two
// of them the same; a spread touches every pair of team and tool. The mix of verdicts is the same for every number of
// policies.
import { forbiddenAbove, hourMax, listCells, type Cell } from './policies.ts';

export interface BenchRequest {
  readonly person: string;
  /** Everything that the person is in. */
  readonly groups: readonly string[];
  readonly tool: string;
  readonly amount: number;
  readonly hour: number;
}

export const hotCount = 64;

/** In a ring, each comes again when an engine has forgotten it: it remembers half as many verdicts. */
export const unlikeCount = 8_192;

/** Three allowed, one forbidden by its amount; one in sixteen by an unconditional policy instead. */
const amounts = [10_000_000, 50_000_000, 80_000_000, 91_000_000] as const;

/** As many different ones for 10 policies as for 10,000: fewer policies only means more people to a team. */
export function listHotRequests(policyCount: number): BenchRequest[] {
  const cells = listCells(policyCount);
  const stride = Math.max(1, Math.floor(cells.length / hotCount));
  return Array.from({ length: hotCount }, (_, at) => makeRequest(cells, at * stride, at));
}

/** The same policies and verdicts in the same order, each by another person about another amount. */
export function listUnlikeRequests(policyCount: number, count = unlikeCount, from = 0): BenchRequest[] {
  const hot = listHotRequests(policyCount);
  return Array.from({ length: count }, (_, index) => {
    const at = from + index;
    const like = hot[at % hotCount] as BenchRequest;
    return { ...like, person: `person-${at}`, amount: like.amount + at };
  });
}

/** `count` different people over all cells, two and two after the same tool, in an order that jumps about. */
export function listSpreadRequests(policyCount: number, count: number): BenchRequest[] {
  const cells = listCells(policyCount);
  // Coprime to any number of cells that is made of twos and fives.
  return Array.from({ length: count }, (_, at) => makeRequest(cells, Math.floor(at / 2) * 7_919, at));
}

function makeRequest(cells: readonly Cell[], cellAt: number, at: number): BenchRequest {
  const cell = cells[cellAt % cells.length];
  if (cell === undefined) throw new RangeError('no policies, no requests');
  return {
    person: `person-${at}`,
    groups: [cell.team, 'staff'],
    tool: cell.tool,
    amount: amounts[at % amounts.length] ?? 0,
    hour: at % 16 === 6 ? hourMax + 5 : at % 16,
  };
}

/** What every contender has to answer: the rules of the workload, applied by hand. */
export function isAllowed({ amount, hour }: BenchRequest): boolean {
  return amount <= forbiddenAbove && hour <= hourMax;
}
