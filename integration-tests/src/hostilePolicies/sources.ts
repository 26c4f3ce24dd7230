// Sources with something hostile among them, built as a publisher would.
import { buildBundle, type BuildResult } from '@cardea/bundles';
import { engine, files, guardrails, makeSources } from '../../../bundles/test/sample.ts';

export type Change = Readonly<Record<string, string | Uint8Array | undefined>>;

export const own = 'policies/own.cedar';
export const scope = 'permit (principal, action == Action::"github/create_issue", resource)';

export function repeat(text: string, times: number): string {
  return text.repeat(times);
}

/** One line for each number. */
export function numbered(count: number, write: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => write(index)).join('\n');
}

export function policy(text: string): Change {
  return { [own]: text };
}

export function when(condition: string): Change {
  return policy(`@id("x") ${scope} when { ${condition} };`);
}

/** The sample with some files changed; undefined leaves one out. */
export async function build(change: Change = {}, base = files): Promise<BuildResult> {
  const tree = new Map(makeSources({}, base).files);
  for (const [path, content] of Object.entries(change)) {
    if (content === undefined) tree.delete(path);
    else tree.set(path, typeof content === 'string' ? new TextEncoder().encode(content) : content);
  }
  const pinned = base === files ? guardrails : new Map<string, never>();
  return buildBundle({ files: tree, tests: new Map() }, { engine, guardrails: pinned });
}
