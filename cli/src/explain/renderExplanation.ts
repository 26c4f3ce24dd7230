// An explanation for people: the verdict, then the policies, those that decided first.
import type { ClauseOutcome, PolicyExplanation } from '@cardea/engine';
import { paint, type Terminal } from '../frame/terminal.ts';
import { escapeLine, escapeUnprintable } from '../report/printable.ts';
import type { ExplainedRequest, MissingPath } from './explainRequest.ts';

type Style = Pick<Terminal, 'colour'>;

const missCharactersMax = 160;

const verdictColours = { allow: 'green', deny: 'red', hold: 'blue', needs: 'yellow' } as const;

export function renderExplanation(explained: ExplainedRequest, style: Style): string {
  const { verdict, code, message, request, approvers, needs, missing, policies } = explained;
  const outside = policies.filter(({ outcome }) => outcome === 'out_of_scope');
  const inside = policies.filter(({ outcome }) => outcome !== 'out_of_scope');
  const nothingAllows = code === 'default_deny' && outside.length > 0;
  const lists = [
    ...(approvers.length === 0 ? [] : [`approvers: ${approvers.map(escapeLine).join(', ')}`]),
    ...(needs.length === 0 ? [] : [`to state: ${needs.join(', ')}`]),
    ...(request.length === 0 ? [] : [request.map(escapeLine).join(', ')]),
  ];
  const paragraphs = [
    [
      `${paint(style, verdictColours[verdict], verdict)} (${code}): ${escapeUnprintable(message)}`,
      ...lists.map((line) => `  ${line}`),
    ],
    ...(missing.length === 0 ? [] : [['policies read:', ...renderMissing(missing)]]),
    ...[...inside]
      .sort((left, right) => rank(left) - rank(right))
      .map((policy) => renderPolicy(policy, style)),
    ...(nothingAllows ? [['permits that miss:', ...outside.map(renderMiss)]] : []),
  ];
  return paragraphs.map((lines) => `${lines.join('\n')}\n`).join('\n');
}

/** What decides comes first: forbids that apply or fail, permits that apply, permits that might have. */
function rank({ effect, outcome }: PolicyExplanation): number {
  if (outcome === 'not_satisfied') return effect === 'permit' ? 3 : 4;
  return effect === 'forbid' ? 1 : 2;
}

const outcomeWords = {
  satisfied: 'applies',
  not_satisfied: 'does not apply',
  errored: 'fails',
  out_of_scope: 'is not about this',
} as const;

const outcomeStyles = {
  satisfied: 'bold',
  not_satisfied: 'dim',
  errored: 'yellow',
  out_of_scope: 'dim',
} as const;

function renderPolicy(
  { policy, effect, hold, message, outcome, clauses }: PolicyExplanation,
  style: Style,
): string[] {
  const held = hold === undefined ? '' : `, held by ${escapeLine(hold)}`;
  const title = `${effect} ${escapeLine(policy)}${held}: ${outcomeWords[outcome]}`;
  return [
    paint(style, outcomeStyles[outcome], title),
    ...(message === undefined || outcome === 'not_satisfied' ? [] : [`  "${escapeLine(message)}"`]),
    ...clauses.flatMap((clause) => renderClause(clause, style)),
  ];
}

const clauseWords = { holds: 'yes', fails: 'no', errors: 'fails' } as const;
const clauseColours = { holds: 'green', fails: 'red', errors: 'yellow' } as const;

function renderClause({ kind, text, outcome, error }: ClauseOutcome, style: Style): string[] {
  const mark = paint(style, clauseColours[outcome], clauseWords[outcome].padEnd('fails'.length));
  const line = `  ${mark}  ${kind.padEnd('unless'.length)}  ${escapeLine(text)}`;
  return error === undefined ? [line] : [line, `                 ${escapeLine(error)}`];
}

function renderMissing(missing: readonly MissingPath[]): string[] {
  const width = Math.max(...missing.map(({ path }) => escapeLine(path).length));
  return missing.map(
    ({ path, policies }) => `  ${escapeLine(path).padEnd(width)}  ${policies.map(escapeLine).join(', ')}`,
  );
}

function renderMiss({ policy, scope }: PolicyExplanation): string {
  return `  ${escapeLine(policy)}: ${scope.map(shorten).join('; ')}`;
}

/** A scope may name any number of actions: the first of them tell which policy it is. */
function shorten(miss: string): string {
  const line = escapeLine(miss);
  return line.length > missCharactersMax ? `${line.slice(0, missCharactersMax)}...` : line;
}
