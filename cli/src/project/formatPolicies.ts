// Cedar's formatter, distrusted: its text is used only if it holds the same policies and the same comments.
import { EngineFault, splitPolicies, type CedarHost } from '@cardea/engine';
import type { Diagnostic, SourceFile } from '../report/diagnostic.ts';
import { describeErrors, type CedarError } from './cedarErrors.ts';
import { parsePolicy } from './parsePolicy.ts';

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
  const problem = (code: string, message: string): FormatResult => ({
    kind: 'problems',
    problems: [{ severity: 'error', code, message, place: { file, start: 0, end: 1 } }],
  });
  const before = describeContent(host, file.text, file.path);
  try {
    const call = JSON.stringify({ policyText: file.text, ...widths });
    const answer = JSON.parse(host.call('formatPolicies', call)) as Answer;
    if (answer.type === 'failure') {
      const given = { file, start: 0, text: file.text };
      return { kind: 'problems', problems: describeErrors(answer.errors, 'policy_syntax', given) };
    }
    const text = tidyEdges(answer.formatted_policy);
    if (before === undefined || before !== describeContent(host, text, file.path)) {
      return problem('format_unsafe', 'formatting would change what this file says, so it is left as it is');
    }
    return { kind: 'formatted', text };
  } catch (fault) {
    if (!(fault instanceof EngineFault)) throw fault;
    return problem('policy_too_deep', 'the engine cannot format this file; make its conditions smaller');
  }
}

/** Cedar starts a file that holds only comments with an empty line, and an empty file is one. */
function tidyEdges(text: string): string {
  const body = text.trim();
  return body === '' ? '' : `${body}\n`;
}

/** Everything that formatting must keep: each policy as Cedar reads it, and each comment, in order. */
function describeContent(host: CedarHost, text: string, path: string): string | undefined {
  const split = splitPolicies(text, path);
  if (split.kind === 'problem') return undefined;
  const policies: string[] = [];
  for (const policy of split.policies) {
    const parsed = parsePolicy(host, policy.text);
    if (parsed.kind !== 'static' && parsed.kind !== 'template') return undefined;
    policies.push(parsed.json);
  }
  return JSON.stringify([policies, listComments(text)]);
}

function listComments(text: string): string[] {
  const tokens = text.match(/\/\/[^\n]*|"(?:[^"\\]|\\[^])*"/g) ?? [];
  return tokens.filter((token) => token.startsWith('//')).map((comment) => comment.trimEnd());
}
