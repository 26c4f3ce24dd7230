// Cedar's formatter, distrusted: its text is used only if it holds the same policies and the same comments.
import { EngineFault, splitPolicies, type CedarHost, type PolicySource } from '@cardea/engine';
import type { Diagnostic } from '../report/diagnostic.ts';
import type { SourceFile } from '../report/sourceFile.ts';
import { describeErrors, type CedarError } from './cedarErrors.ts';
import { parsePolicy } from './parsePolicy.ts';
import { describeProblem } from './policyProject.ts';

export interface FormatWidths {
  readonly lineWidth: number;
  readonly indentWidth: number;
}

export type FormatResult =
  | { readonly kind: 'formatted'; readonly text: string }
  | { readonly kind: 'problems'; readonly problems: readonly Diagnostic[] };

type Answer =
  | { readonly type: 'success'; readonly formatted_policy: string }
  | { readonly type: 'failure'; readonly errors: readonly CedarError[] };

export function formatPolicies(host: CedarHost, file: SourceFile, widths: FormatWidths): FormatResult {
  const split = splitPolicies(file.text, file.path);
  if (split.kind === 'problem') return refuse(describeProblem(split.problem, file, 'error'));
  const before = describeContent(host, file.text, split.policies);
  const formatted = askFormatter(host, file, widths);
  if (formatted.kind === 'problems') return formatted;
  const text = tidyEdges(formatted.text);
  const after = splitPolicies(text, file.path);
  const isSame = after.kind === 'split' && before === describeContent(host, text, after.policies);
  if (isSame && before !== undefined) return { kind: 'formatted', text };
  const message = 'formatting would change what this file says, so it is left as it is';
  return refuse(describeWhole(file, 'format_unsafe', message));
}

function askFormatter(host: CedarHost, file: SourceFile, widths: FormatWidths): FormatResult {
  try {
    const call = JSON.stringify({ policyText: file.text, ...widths });
    const answer = JSON.parse(host.call('formatPolicies', call)) as Answer;
    if (answer.type === 'success') return { kind: 'formatted', text: answer.formatted_policy };
    return refuse(...describeErrors(answer.errors, 'policy_syntax', { file, start: 0, text: file.text }));
  } catch (fault) {
    if (!(fault instanceof EngineFault)) throw fault;
    const message = 'the engine cannot format this file; make its conditions smaller';
    return refuse(describeWhole(file, 'policy_too_deep', message));
  }
}

function refuse(...problems: readonly Diagnostic[]): FormatResult {
  return { kind: 'problems', problems };
}

function describeWhole(file: SourceFile, code: string, message: string): Diagnostic {
  return { severity: 'error', code, message, place: { file, start: 0, end: 1 } };
}

/** Cedar starts a file that holds only comments with an empty line, and an empty file is one. */
function tidyEdges(text: string): string {
  const body = text.trim();
  return body === '' ? '' : `${body}\n`;
}

/** Everything that formatting must keep: each policy as Cedar reads it, and each comment, in order. */
function describeContent(
  host: CedarHost,
  text: string,
  policies: readonly PolicySource[],
): string | undefined {
  const read: string[] = [];
  for (const policy of policies) {
    const parsed = parsePolicy(host, policy.text);
    if (parsed.kind !== 'static' && parsed.kind !== 'template') return undefined;
    read.push(parsed.json);
  }
  return JSON.stringify([read, listComments(text)]);
}

function listComments(text: string): string[] {
  const tokens = text.match(/\/\/[^\n\r]*|"(?:[^"\\]|\\[^])*"/g) ?? [];
  return tokens.filter((token) => token.startsWith('//')).map((comment) => comment.trimEnd());
}
